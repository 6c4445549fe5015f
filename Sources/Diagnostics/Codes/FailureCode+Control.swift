// Codes about the control socket of the daemon.
extension FailureCode {
  /// The user may not use the control socket.
  public static let controlAccess = FailureCode(rawValue: "control.access")
  /// The daemon closed the connection without an answer.
  public static let controlClosed = FailureCode(rawValue: "control.closed")
  /// The daemon took the order and did not answer in time.
  public static let controlLate = FailureCode(rawValue: "control.late")
  /// The daemon cannot listen at its control socket.
  public static let controlListen = FailureCode(rawValue: "control.listen")
  /// The path of the control socket is too long.
  public static let controlPath = FailureCode(rawValue: "control.path")
  /// The daemon was sent something that is not a request.
  public static let controlRequest = FailureCode(rawValue: "control.request")
  /// The daemon does not answer.
  public static let controlSilent = FailureCode(rawValue: "control.silent")

  /// All codes of this area.
  static let controlCodes: [FailureCode] = [
    .controlAccess, .controlClosed, .controlLate, .controlListen, .controlPath, .controlRequest,
    .controlSilent,
  ]
}
