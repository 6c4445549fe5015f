import Compute
import Diagnostics
import Media
import MemoryPlanner
import Merging
import Models
import Options

/// The memory that one picture needs, by the cost model of the planner, for a model whose weights are not
/// loaded.
public struct PictureNeeds: Sendable {
  /// The precision of the weights.
  public let precision: WeightPrecision
  /// Bytes of the weights in this precision.
  public let weights: Int
  /// Bytes of the whole process with a picture of `side` × `side` pixels and the usual merging.
  public let predicted: Int
  /// Whether that is within what the process may hold now; `nil` where nothing limits it.
  public let fitsNow: Bool?

  /// Pixels along the sides of the picture.
  public static let side = 896
  /// Its shape.
  public static let picture = MediaShape(.image, height: side, width: side)
  /// A question of a usual length.
  private static let prompt = "Describe what is shown here, and what stands out in it."

  /// Computes the needs of a model.
  ///
  /// - Parameters:
  ///   - outline: the model in this precision.
  ///   - threads: threads to compute with; `nil` for one per processor.
  ///   - budgets: reads the memory budget; tests pass their own.
  /// - Throws: what laying out the picture and writing the prompt throw.
  public init(
    _ outline: ModelOutline, _ precision: WeightPrecision, threads: Int? = nil,
    budgets: BudgetReader = BudgetReader()
  ) throws(Failure) {
    self.precision = precision
    weights = outline.weights.bytes
    let request = Request(prompt: Self.prompt)
    var shape = WorkShape(
      textTokens: try outline.promptTokens(request.prompt), newTokens: request.maxNewTokens)
    shape.add(try outline.layout(of: Self.picture), frames: 1)
    shape.decodingBytes = Self.side * Self.side * QuestionFit.bytesPerImagePixel
    let merging = try outline.resolve(request.merging).sparing(of: shape.visualTokens)
    let planner = MemoryPlanner(
      outline.cost, threads: ThreadTeam(count: threads).count,
      baseline: ProcessMemory.resident + ProcessMemory.allowance, floors: request.memory.floors)
    let plan = try planner.plan(merging, budget: nil, ceiling: nil, hasVideo: false) {
      (_, _) throws(Failure) in shape
    }
    predicted = plan.predicted
    fitsNow = budgets.budget(request.memory).map { plan.predicted <= $0.bytes }
  }
}
