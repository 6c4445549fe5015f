// Codes about planning memory.
extension FailureCode {
  /// There is no floor of this name.
  public static let memoryFloor = FailureCode(rawValue: "memory.floor")
  /// The work needs more memory than the process may ever hold here.
  public static let memoryNever = FailureCode(rawValue: "memory.never")
  /// The work fits only when other programs hold less memory.
  public static let memoryNow = FailureCode(rawValue: "memory.now")

  /// All codes of this area.
  static let memoryCodes: [FailureCode] = [
    .memoryFloor, .memoryNever, .memoryNow,
  ]
}
