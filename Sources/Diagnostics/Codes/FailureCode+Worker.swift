// Codes about the worker and its messages.
extension FailureCode {
  /// A line cannot be read as the expected message.
  public static let pipeDecoding = FailureCode(rawValue: "pipe.decoding")
  /// A message cannot be written.
  public static let pipeEncoding = FailureCode(rawValue: "pipe.encoding")
  /// The worker sent a file that does not belong to an answer.
  public static let pipeFile = FailureCode(rawValue: "pipe.file")
  /// A worker without a job sent something.
  public static let pipeIdle = FailureCode(rawValue: "pipe.idle")
  /// A line is too long.
  public static let pipeLine = FailureCode(rawValue: "pipe.line")
  /// A test made the worker try what it may not do.
  public static let workerBreakout = FailureCode(rawValue: "worker.breakout")
  /// The worker stopped the job because it was told to.
  public static let workerCancelled = FailureCode(rawValue: "worker.cancelled")
  /// The open files that came with a job do not agree with its media.
  public static let workerFiles = FailureCode(rawValue: "worker.files")

  /// All codes of this area.
  static let workerCodes: [FailureCode] = [
    .pipeDecoding, .pipeEncoding, .pipeFile, .pipeIdle, .pipeLine, .workerBreakout,
    .workerCancelled, .workerFiles,
  ]
}
