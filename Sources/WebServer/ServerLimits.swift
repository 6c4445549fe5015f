/// What a client may take of a server.
public struct ServerLimits: Sendable {
  /// The most connections at a time; more are closed at once.
  public var connections = 4096
  /// Seconds to send the head of a request; also the time that a connection may do nothing.
  public var headSeconds = 30
  /// Seconds between two pieces of a body, and for taking a piece of a reply.
  public var pieceSeconds = 20
  /// Bytes per second that a body has on average, after the first `pieceSeconds`.
  public var bodyRate = 1024
  /// The most bytes of a body.
  public var bodyBytes = 2 << 30
  /// The most members of a head.
  public var headers = 100

  /// The usual limits.
  public init() {}
}
