import Checkpoint
import Diagnostics
import MemoryPlanner
import Models
import Options

/// What a model folder is, what it would need, and why it cannot be opened if it cannot. No weights are
/// read.
public struct ModelInspection: Sendable {
  /// The path as it was given.
  public let path: String
  /// What its files say; `nil` where there is no folder.
  public let folder: ModelFolder?
  /// Bytes of the weight files by the type they are stored in, the largest first.
  public private(set) var storedTypes: [(type: String, bytes: Int)] = []
  /// Tensors in the weight files.
  public private(set) var storedTensors = 0
  /// The model in 8 bits, whose notes are about the packed file, too; `nil` where it cannot be opened.
  public private(set) var outline: ModelOutline?
  /// What a picture needs with each kind of weights; empty where the model cannot be opened.
  public private(set) var needs: [PictureNeeds] = []
  /// Why it cannot be opened: what opening it says.
  public private(set) var failure: Failure?

  /// Looks at a folder.
  ///
  /// - Parameter budgets: reads the memory budget; tests pass their own.
  public init(_ path: String, budgets: BudgetReader = BudgetReader()) {
    self.init(ModelPlace(path), budgets: budgets)
  }

  /// Looks at a model wherever it lies.
  ///
  /// - Parameter budgets: reads the memory budget; tests pass their own.
  public init(_ place: ModelPlace, budgets: BudgetReader = BudgetReader()) {
    path = place.name
    var opened: Checkpoint?
    do throws(Failure) {
      if place.isFolder {
        folder = try ModelFolder(path)
      } else {
        let checkpoint = try place.open()
        folder = try ModelFolder(checkpoint)
        opened = checkpoint
      }
    } catch {
      folder = nil
      failure = error
      return
    }
    do throws(Failure) {
      let checkpoint = if let opened { opened } else { try place.open() }
      try look(checkpoint, budgets)
    } catch {
      failure = error
      (outline, needs) = (nil, [])
    }
  }

  private mutating func look(
    _ checkpoint: Checkpoint, _ budgets: BudgetReader
  ) throws(Failure) {
    var bytes: [String: Int] = [:]
    for name in checkpoint.names {
      for (type, count) in checkpoint.storedBytes(name) { bytes[type, default: 0] += count }
    }
    storedTensors = checkpoint.names.count
    storedTypes = bytes.map { (type: $0.key, bytes: $0.value) }.sorted {
      ($1.bytes, $0.type) < ($0.bytes, $1.type)
    }
    let files = ModelFiles(checkpoint)
    for precision in [WeightPrecision.bf16, .f32, .int8, .int4] {
      let outline = try ModelRegistry.outline(
        files, of: checkpoint, options: ModelOptions(weights: precision))
      needs.append(try PictureNeeds(outline, precision, budgets: budgets))
      if precision == .int8 { self.outline = outline }
    }
  }
}
