/// Why a request is not served any further.
public enum ServerProblem: Error, Sendable, Equatable {
  /// The body has more bytes than are taken.
  case tooLarge
  /// The client is too slow.
  case tooSlow
  /// The client is gone.
  case gone
}
