import Diagnostics

/// A failure as a status of HTTP (RFC 9110, 15).
public enum HTTPFailure {
  /// The status.
  public static func status(_ failure: Failure) -> Int {
    switch failure.code {
    case .webBusy: return 429
    case .webModel, .jobUnknown: return 404
    default: break
    }
    return switch failure.kind {
    case .usage, .badInput, .missingInput: 400
    case .modelUnusable, .outOfMemory: 503
    case .fault: 500
    }
  }

  /// Seconds after which to try again; `nil` where that would change nothing.
  public static func retryAfter(_ failure: Failure) -> Int? {
    switch status(failure) {
    case 429: 5
    case 503: 30
    default: nil
    }
  }

  /// What happened and what to do, in one text.
  public static func text(_ failure: Failure) -> String {
    let message = PlainText.lines(failure.message)
    return failure.remedy.map { "\(message). \(PlainText.lines($0))" } ?? message
  }
}
