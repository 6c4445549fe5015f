// Codes about the command line.
extension FailureCode {
  /// The config.json to measure or fill cannot be read.
  public static let benchConfig = FailureCode(rawValue: "bench.config")
  /// The curve of a measurement cannot be written.
  public static let benchCurve = FailureCode(rawValue: "bench.curve")
  /// The size of the image to measure with is malformed.
  public static let benchSize = FailureCode(rawValue: "bench.size")
  /// Standard input cannot be read.
  public static let commandInput = FailureCode(rawValue: "command.input")
  /// Standard output cannot be written.
  public static let commandOutput = FailureCode(rawValue: "command.output")
  /// The file with the schema of the answer cannot be read.
  public static let commandSchemaFile = FailureCode(rawValue: "command.schema-file")
  /// An option of a job is not written as a name and a value.
  public static let commandSet = FailureCode(rawValue: "command.set")
  /// A time is malformed.
  public static let commandTime = FailureCode(rawValue: "command.time")
  /// The job did not end within the time to wait.
  public static let commandTimeout = FailureCode(rawValue: "command.timeout")
  /// The files of a random model cannot be written.
  public static let randomModelWrite = FailureCode(rawValue: "random-model.write")

  /// All codes of this area.
  static let commandCodes: [FailureCode] = [
    .benchConfig, .benchCurve, .benchSize, .commandInput, .commandOutput, .commandSchemaFile,
    .commandSet, .commandTime, .commandTimeout, .randomModelWrite,
  ]
}
