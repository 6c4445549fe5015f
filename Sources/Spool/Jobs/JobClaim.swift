import Diagnostics
import FoundationEssentials
import Options
import WorkerProtocol

/// What a job consists of, fixed when it is claimed from the inbox. It is written to
/// `work/ID/claim.json` before the first file is moved, so that an interrupted claim can be completed.
public struct JobClaim: Codable, Sendable, Equatable {
  /// The name of the file that holds it.
  static let fileName: BytePath = "claim.json"
  /// The folder with the claimed files.
  static let inputFolder: BytePath = "input"

  /// A file of the job, or the folder of a job folder.
  public struct Input: Codable, Sendable, Equatable {
    /// The purpose of the file.
    public enum Role: String, Codable, Sendable {
      case media, sidecar, jobFile = "job-file", folder
    }

    /// Its path in the inbox.
    public var from: BytePath
    /// Its name in `input/`; empty for a folder, which becomes `input` itself.
    public var to: String
    /// The purpose of the file.
    public var role: Role
    /// The identity of the file.
    public var identity: FileStatus.Identity
    /// Its size in bytes.
    public var size: Int
  }

  /// The version of this document's shape.
  public var schema = 1
  /// The job's id.
  public var id: String
  /// The form in which it was submitted.
  public var form: JobForm
  /// The name for people: the path of its media in the inbox.
  public var name: BytePath
  /// When it was claimed, in milliseconds since 1970.
  public var created: Int
  /// Everything that was claimed from the inbox.
  public var inputs: [Input]
  /// The media for the worker, in order: paths below `input/`, and names for the answer.
  public var media: [Medium]
  /// The questions.
  public var prompts: [String]
  /// The chosen options.
  public var options: QuestionOptions
  /// The priority: higher goes first.
  public var priority: Int
  /// The id of the job whose media it is about; `nil` for media of its own.
  public var followUp: String?
  /// What was asked and answered about the media before; `nil` for nothing.
  public var turns: [JobTurn]?
  /// The pictures to draw: `all`, `final` or `none`; `nil` for what the configuration says.
  public var visualize: String?
  /// Why it can never be answered, if that was known when it was claimed.
  public var refusal: ErrorReport?

  /// A media file of a job.
  public struct Medium: Codable, Sendable, Equatable {
    /// The path below `input/`.
    public var file: BytePath
    /// Its name in the answer.
    public var name: String
    /// Its size in bytes.
    public var size: Int
    /// The identity of the file; `nil` in claims of older versions, or where the file was missing.
    public var identity: FileStatus.Identity?
  }

  /// The bytes of all media.
  public var mediaBytes: Int { media.map { max(0, $0.size) }.clampedSum() }
}

extension JobClaim {
  /// The contents of the claim's file.
  func json() throws(Failure) -> [UInt8] { try JSONLine.encode(self) }

  /// Reads a claim's file.
  init(json: [UInt8]) throws(Failure) { self = try JSONLine.decode(JobClaim.self, json) }
}
