import Basics
import Diagnostics

/// `answer.json`: a job, its questions, the answers, and how they were computed.
///
/// A job that failed or was cancelled has the same document, with `error`. What is not known, or never was
/// computed, is left out. Members may be added within a version; readers ignore what they do not know.
public struct AnswerDocument: Sendable, Codable {
  /// The version of this document's shape.
  public static let currentVersion = 2
  /// The document's name in its folder.
  public static let fileName = "answer.json"

  /// The version of this document's shape.
  public let version: Int
  /// The job.
  public var job: Job
  /// The name of the machine.
  public var host: String
  /// The version of illava.
  public var illava: String
  /// The model; `nil` where none is chosen yet.
  public var model: Model?
  /// The files, in the order of the prompt.
  public var media: [Medium]
  /// The questions, with their answers where there are any.
  public var questions: [Question]
  /// Token merging, as asked for and as done.
  public var merging: Merging?
  /// Tokens after each stage.
  public var tokens: TokenCounts?
  /// Memory in bytes.
  public var memory: Memory?
  /// Seconds per stage.
  public var seconds: Seconds?
  /// File names of pictures of what was looked at, beside this document, in the order of the media.
  public var pictures: [String]
  /// Warnings for the reader.
  public var warnings: [String]
  /// How each attempt ended; only in documents of jobs that have no answer.
  public var attempts: [Attempt]?
  /// Why there is no answer, or not yet.
  public var error: ErrorEntry?

  /// A document of which only the job, the media and the questions are known.
  public init(job: Job, host: String, model: Model?, media: [Medium], questions: [Question]) {
    version = Self.currentVersion
    self.job = job
    self.host = host
    illava = ProgramVersion.text
    self.model = model
    self.media = media
    self.questions = questions
    pictures = []
    warnings = []
  }

  /// The document as JSON, keys in alphabetical order, one member per line.
  public func json() throws(Failure) -> String { try JSONText.encode(self) }
}
