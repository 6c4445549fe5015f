/// A reply.
public struct WebResponse: Sendable {
  /// What follows the head.
  public enum Body: Sendable {
    /// These bytes.
    case bytes([UInt8])
    /// A file, which is read piece by piece; its descriptor is closed afterwards.
    case file(OpenFile)
    /// What the function writes, until it returns.
    case stream(@Sendable (ReplyWriter) async throws -> Void)
  }

  /// The status.
  public var status: Int
  /// The members of the head.
  public var headers: [(name: String, value: String)]
  /// What follows the head.
  public var body: Body

  /// A reply from its parts.
  public init(_ status: Int, headers: [(name: String, value: String)] = [], body: Body) {
    self.status = status
    self.headers = headers
    self.body = body
  }

  /// A reply of text.
  public init(_ status: Int, type: String, _ text: String) {
    self.init(
      status, headers: [("content-type", type + "; charset=utf-8")], body: .bytes(Array(text.utf8)))
  }
}
