// Codes about the page and the interfaces over HTTP.
extension FailureCode {
  /// A text is no address to listen at.
  public static let webAddress = FailureCode(rawValue: "web.address")
  /// The body of a request is not what the interface takes.
  public static let webBody = FailureCode(rawValue: "web.body")
  /// Too many jobs wait already.
  public static let webBusy = FailureCode(rawValue: "web.busy")
  /// The address cannot be listened at.
  public static let webListen = FailureCode(rawValue: "web.listen")
  /// A picture or a video in a request cannot be taken.
  public static let webMedia = FailureCode(rawValue: "web.media")
  /// The request names a model that is not served.
  public static let webModel = FailureCode(rawValue: "web.model")
  /// A program that is to be started is missing or does not start.
  public static let webProgram = FailureCode(rawValue: "web.program")
  /// The token cannot be read or written.
  public static let webToken = FailureCode(rawValue: "web.token")

  /// All codes of this area.
  static let webCodes: [FailureCode] = [
    .webAddress, .webBody, .webBusy, .webListen, .webMedia, .webModel, .webProgram, .webToken,
  ]
}
