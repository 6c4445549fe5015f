import Diagnostics
import Engine
import FoundationEssentials
import Media
import MemoryPlanner
import Merging

/// `answer.json`: the question, the answer, and how the answer was computed.
///
/// Members may be added within a schema version; readers ignore what they do not know.
public struct AnswerDocument: Sendable, Codable {
  /// The version of this document's shape.
  public static let currentSchema = 2

  /// The version of this document's shape.
  public let schema: Int
  /// The model that answered.
  public let model: Model
  /// The job of this answer, where a daemon answered.
  public internal(set) var job: Job?
  /// The files that were looked at, in the order of the prompt.
  public let sources: [SourceEntry]
  /// The questions and their answers.
  public internal(set) var answers: [AnswerEntry]
  /// Token merging, as asked for and as done.
  public let merging: MergingEntry
  /// Tokens after each stage.
  public let tokens: TokenCounts
  /// Memory in bytes.
  public internal(set) var memory: Memory
  /// Seconds per stage.
  public internal(set) var seconds: Seconds
  /// File names of pictures of what was looked at, beside this document, in the order of the sources.
  public let pictures: [String]
  /// Warnings for the reader.
  public internal(set) var warnings: [String]

  /// The model that answered.
  public struct Model: Sendable, Codable {
    /// The folder's path as it was given.
    public let path: String
    /// The precision of weights and KV cache: `f32`, `bf16` or `int8`.
    public let weights: String

    /// A model by its folder and its precision.
    public init(path: String, weights: String) {
      self.path = path
      self.weights = weights
    }
  }

  /// A file that was looked at.
  public struct SourceEntry: Sendable, Codable {
    var path: String
    /// The page, from 1, of a document that has several; left out for any other file.
    let page: Int?
    let sha256: String
    let kind: MediaKind
    let format: String
    /// The file's own size.
    let size: PixelSize
    /// The size the model saw.
    let shown: PixelSize
    /// Frames that were looked at; empty for an image.
    let frames: [Source.Frame]
  }

  /// Tokens after each stage.
  public struct TokenCounts: Sendable, Codable {
    /// Tokens of the prompt, counting all visual tokens before merging.
    let prompt: Int
    /// Visual tokens among them.
    let visual: Int
    /// Visual tokens after the image encoder.
    let visualAfterViT: Int
    /// Visual tokens after the last merging layer.
    let visualLeft: Int
    /// Rows in the KV cache of each text layer after the prefill.
    let cacheLengths: [Int]

    private enum CodingKeys: String, CodingKey {
      case prompt, visual
      case visualAfterViT = "visual_after_vit"
      case visualLeft = "visual_left"
      case cacheLengths = "kv_lengths"
    }
  }

  /// Memory in bytes.
  public struct Memory: Sendable, Codable {
    /// The memory that the process was allowed to use; `nil` where nothing limited it.
    let budget: Int?
    /// What set that limit, in words.
    let budgetOrigin: String?
    /// The predicted peak memory of the process.
    let predicted: Int
    /// What was given up to fit, in order: what costs least quality comes first.
    let adaptations: [Adaptation]
    /// The peak memory of the process, including the mapped weights that were touched.
    let peak: Int

    private enum CodingKeys: String, CodingKey {
      case budget, predicted, adaptations, peak
      case budgetOrigin = "budget_origin"
    }
  }

  /// Seconds per stage.
  public struct Seconds: Sendable, Codable {
    let load: Double
    let media: Double
    let vision: Double
    let prefill: Double
    let decode: Double
    let total: Double
  }

  /// The document of an answer.
  ///
  /// - Parameters:
  ///   - load: seconds it took to open the model.
  ///   - drawing: the pictures of the answer, if any were drawn.
  public init(
    _ answer: Answer, request: Request, model: Model, load: Double,
    drawing: ReportDrawing? = nil
  ) {
    schema = Self.currentSchema
    self.model = model
    sources = answer.sources.map {
      SourceEntry(
        path: $0.path, page: $0.page, sha256: $0.sha256, kind: $0.kind, format: $0.format,
        size: $0.size, shown: $0.shown, frames: $0.frames)
    }
    answers = [AnswerEntry(answer, request)]
    merging = MergingEntry(asked: request.merging, answer: answer)
    tokens = TokenCounts(
      prompt: answer.promptTokens, visual: answer.visualTokens,
      visualAfterViT: answer.runCounts.reduce(0, +), visualLeft: answer.visualTokensLeft,
      cacheLengths: answer.cacheLengths)
    let plan = answer.plan
    memory = Memory(
      budget: plan.budget?.bytes, budgetOrigin: plan.budget?.origin, predicted: plan.predicted,
      adaptations: plan.adaptations, peak: answer.peakMemory)
    let times = answer.seconds
    seconds = Seconds(
      load: load, media: times.media, vision: times.vision, prefill: times.prefill,
      decode: times.decode, total: load + times.total)
    pictures = drawing?.names ?? []
    warnings =
      answer.notes + answer.sources.flatMap(\.warnings) + answer.merging.notes
      + plan.adaptations.map(\.words) + answer.endNotes + (drawing?.notes ?? [])
  }

  /// The document as JSON, keys in alphabetical order, one member per line.
  public func json() throws(Failure) -> String { try JSONText.encode(self) }
}
