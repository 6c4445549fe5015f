// Codes about evaluations.
extension FailureCode {
  /// An image of the data set is not base64.
  public static let evaluationBase64 = FailureCode(rawValue: "evaluation.base64")
  /// The curve cannot be written.
  public static let evaluationCurve = FailureCode(rawValue: "evaluation.curve")
  /// The data set cannot be read, is empty or lacks a column.
  public static let evaluationData = FailureCode(rawValue: "evaluation.data")
  /// The program ended too often while it answered the same row.
  public static let evaluationEnded = FailureCode(rawValue: "evaluation.ended")
  /// The log cannot be opened, read or written, or another run uses it.
  public static let evaluationLog = FailureCode(rawValue: "evaluation.log")
  /// The log is of a run with another model, data set or options.
  public static let evaluationLogDiffers = FailureCode(rawValue: "evaluation.log-differs")
  /// The list of amounts of memory is malformed.
  public static let evaluationMemory = FailureCode(rawValue: "evaluation.memory")
  /// The folder of the model cannot be read.
  public static let evaluationModel = FailureCode(rawValue: "evaluation.model")
  /// A profile or an option of it does not exist.
  public static let evaluationProfile = FailureCode(rawValue: "evaluation.profile")
  /// The model looks at an image in several sizes, so the profile resize has no meaning for it.
  public static let evaluationResize = FailureCode(rawValue: "evaluation.resize")
  /// A retention is malformed or cannot be brought about.
  public static let evaluationRetention = FailureCode(rawValue: "evaluation.retention")
  /// A row of the data set is malformed.
  public static let evaluationRow = FailureCode(rawValue: "evaluation.row")
  /// A temporary file cannot be written.
  public static let evaluationTemporary = FailureCode(rawValue: "evaluation.temporary")

  /// All codes of this area.
  static let evaluationCodes: [FailureCode] = [
    .evaluationBase64, .evaluationCurve, .evaluationData, .evaluationEnded, .evaluationLog,
    .evaluationLogDiffers, .evaluationMemory, .evaluationModel, .evaluationProfile,
    .evaluationResize, .evaluationRetention, .evaluationRow, .evaluationTemporary,
  ]
}
