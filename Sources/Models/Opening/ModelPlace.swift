import Checkpoint
import Diagnostics
import FoundationEssentials
import Options
import Tokenizer

/// Where a model lies: a folder, a GGUF file with its projector, or a model of Ollama's.
///
/// Every command and the daemon's configuration name models in this way:
/// - `FOLDER`, as it is downloaded from Hugging Face, or with one model in GGUF;
/// - `FILE.gguf`, whose projector is named, too, or looked for beside it;
/// - `ollama:NAME[:TAG]`.
public struct ModelPlace: Sendable, Equatable {
  /// The model as it was named.
  public let name: String
  /// The projector's file (`mmproj`), where it was named.
  public let projector: String?

  /// A model by its name.
  public init(_ name: String, projector: String? = nil) {
    self.name = name
    self.projector = projector
  }

  /// What the name of a model of Ollama's begins with.
  private static let ollama = "ollama:"

  /// Opens the model.
  ///
  /// - Throws: as `Checkpoint.init(folder:)`, `GGUFFiles.init(path:)`, `model.family`, `model.gguf`,
  ///   `model.ollama`, `model.projector`.
  public func open() throws(Failure) -> Checkpoint {
    guard let (text, projector) = try ggufPaths() else {
      if let projector {
        throw Failure(
          .usage, code: .modelProjector,
          "\(projector): a projector belongs to a model in GGUF, and \(name) is a folder",
          remedy: "Leave --mmproj away: the folder has the image encoder.")
      }
      return try Checkpoint(folder: name)
    }
    return try GGUFOpening.open(text: text, projector: projector)
  }

  /// Whether the model is a folder of Hugging Face's, or nothing that can be read.
  public var isFolder: Bool {
    do throws(Failure) {
      return try ggufPaths() == nil
    } catch {
      return false
    }
  }

  /// The paths of all GGUF files of the model; none for a folder.
  ///
  /// - Throws: as `open()`.
  public func ggufFiles() throws(Failure) -> [String] {
    try open().gguf?.files.map(\.path) ?? []
  }

  /// The tokenizer alone.
  ///
  /// - Throws: as `open()`, for the parts that it needs, and `modelUnusable` with a `tokenizer.` code.
  public func tokenizer() throws(Failure) -> Tokenizer {
    guard let (text, _) = try ggufPaths() else { return try Tokenizer(folder: name) }
    return try Tokenizer(GGUFVocabulary(GGUFFiles(path: text)).listed(), from: text)
  }

  /// The precision that suits the file: 8 bits where most of its bytes are quantized, otherwise bf16.
  public var usualPrecision: WeightPrecision {
    guard let text = (try? ggufPaths())?.text, let files = try? GGUFFiles(path: text) else {
      return .bf16
    }
    let blocks = files.names.compactMap(files.tensor).filter { $0.type.blocks != nil }
    return blocks.reduce(0) { $0 + $1.bytes.count } > files.totalBytes / 2 ? .int8 : .bf16
  }

  /// Folders and files that must be readable for the model to be opened.
  public var readablePaths: [String] {
    if name.hasPrefix(Self.ollama) {
      guard let found = try? OllamaModel(String(name.dropFirst(Self.ollama.count))) else {
        return []
      }
      return found.readablePaths
    }
    guard name.lowercased().hasSuffix(".gguf") else { return [name] }
    // What belongs to the file lies beside it: other parts, the projector, packed weights.
    let folder = URL(filePath: name).deletingLastPathComponent().path
    return [folder.isEmpty ? "." : folder] + (projector.map { [$0] } ?? [])
  }

  /// The paths of the language model's file and of the projector's, if it is named or the model holds one;
  /// `nil` for a folder.
  private func ggufPaths() throws(Failure) -> (text: String, projector: String?)? {
    if name.hasPrefix(Self.ollama) {
      let found = try OllamaModel(String(name.dropFirst(Self.ollama.count)))
      return (found.text, projector ?? found.projector)
    }
    if name.lowercased().hasSuffix(".gguf") { return (name, projector) }
    guard let listing = try? FolderListing(name) else {
      // A blob has no ending.
      return GGUFFile.isGGUF(name) ? (name, projector) : nil
    }
    guard listing.first(of: ["model.safetensors", "model.safetensors.index.json"]) == nil else {
      return nil
    }
    let models = listing.names.filter { $0.lowercased().hasSuffix(".gguf") }
      .filter { !ProjectorSearch.isProjector($0) && !SplitPart.isLater($0) }
    guard let first = models.first else { return nil }
    guard models.count == 1 else {
      throw Failure(
        .usage, code: .modelGGUF, "\(name): \(models.count) models in GGUF",
        remedy: "Name one of the files, such as \(name)/\(first).")
    }
    return (name.hasSuffix("/") ? name + first : "\(name)/\(first)", projector)
  }
}

/// The files of a split model but the first, which stands for all.
private enum SplitPart {
  static func isLater(_ name: String) -> Bool {
    name.contains(/-[0-9]{5}-of-[0-9]{5}\.gguf$/) && !name.contains(/-00001-of-[0-9]{5}\.gguf$/)
  }
}
