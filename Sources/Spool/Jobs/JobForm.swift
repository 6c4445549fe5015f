/// The form in which a job was submitted to the inbox.
public enum JobForm: String, Sendable, Codable {
  /// A media file alone.
  case media
  /// A media file with options or a prompt beside it.
  case sidecar
  /// A job file that names its media.
  case jobFile = "job-file"
  /// A folder with a `job.json`.
  case folder
}
