// Codes about writing answers and reports.
extension FailureCode {
  /// A file of the report does not fit on the disk.
  public static let reportDiskFull = FailureCode(rawValue: "report.disk-full")
  /// The folder for the report cannot be made.
  public static let reportFolder = FailureCode(rawValue: "report.folder")
  /// A result cannot be written as JSON.
  public static let reportJSON = FailureCode(rawValue: "report.json")
  /// A file of the report cannot be written.
  public static let reportWrite = FailureCode(rawValue: "report.write")

  /// All codes of this area.
  static let reportCodes: [FailureCode] = [
    .reportDiskFull, .reportFolder, .reportJSON, .reportWrite,
  ]
}
