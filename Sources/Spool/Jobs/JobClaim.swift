import Diagnostics
import FoundationEssentials
import Options
import WorkerProtocol

/// What a job is, settled when it is taken from the inbox: written to `work/ID/claim.json` before
/// the first file is moved, so that a claim that was cut short can be brought to its end.
public struct JobClaim: Codable, Sendable, Equatable {
  /// The name of the file that holds it.
  static let fileName: BytePath = "claim.json"
  /// The folder with the files that were taken.
  static let inputFolder: BytePath = "input"

  /// A file, or the folder of the fourth form, that belongs to the job.
  public struct Input: Codable, Sendable, Equatable {
    /// What it is there for.
    public enum Role: String, Codable, Sendable {
      case media, sidecar, jobFile = "job-file", folder
    }

    /// Its path in the inbox.
    public var from: BytePath
    /// Its name in `input/`; empty for a folder, which becomes `input` itself.
    public var to: String
    /// What it is there for.
    public var role: Role
    /// Which file it is.
    public var identity: FileStatus.Identity
    /// Its size in bytes.
    public var size: Int
  }

  /// The version of this document's shape.
  public var schema = 1
  /// The job's id.
  public var id: String
  /// How it came.
  public var form: JobForm
  /// What people call it: the path in the inbox of what it is about.
  public var name: BytePath
  /// When it was taken, in milliseconds since 1970.
  public var created: Int
  /// Everything that was taken from the inbox.
  public var inputs: [Input]
  /// What a worker gets: paths below `input/` and the names the answer calls them, in order.
  public var media: [Medium]
  /// The questions.
  public var prompts: [String]
  /// What was chosen.
  public var options: QuestionOptions
  /// Higher goes first.
  public var priority: Int
  /// Why it can never be answered, where that showed when it was taken.
  public var refusal: ErrorReport?

  /// A file a worker looks at.
  public struct Medium: Codable, Sendable, Equatable {
    /// The path below `input/`.
    public var file: BytePath
    /// What the answer calls it.
    public var name: String
    /// Its size in bytes.
    public var size: Int
    /// Which file it is; `nil` in claims of older versions, or where it was not there.
    public var identity: FileStatus.Identity?
  }

  /// The bytes of all media.
  public var mediaBytes: Int { media.map { max(0, $0.size) }.clampedSum() }
}

extension JobClaim {
  /// The claim as its file has it.
  func json() throws(Failure) -> [UInt8] { try JSONLine.encode(self) }

  /// Reads a claim's file.
  init(json: [UInt8]) throws(Failure) { self = try JSONLine.decode(JobClaim.self, json) }
}
