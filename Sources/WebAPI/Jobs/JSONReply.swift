import Basics
import Diagnostics
import WebServer

/// Replies of JSON.
public enum JSONReply {
  /// A value on one line; numbers that JSON cannot hold become an empty object.
  public static func text(_ value: JSONValue) -> String {
    (try? JSONText.encode(value, isIndented: false)) ?? "{}"
  }

  /// A reply.
  public static func reply(_ status: Int, _ value: JSONValue) -> WebResponse {
    WebResponse(
      status, headers: [("content-type", "application/json")], body: .bytes(Array(text(value).utf8))
    )
  }

  /// The reply for a failure.
  ///
  /// - Parameter value: the failure as the interface has it.
  public static func reply(_ failure: Failure, _ value: JSONValue) -> WebResponse {
    var reply = reply(HTTPFailure.status(failure), value)
    if let seconds = HTTPFailure.retryAfter(failure) {
      reply.headers.append(("retry-after", "\(seconds)"))
    }
    return reply
  }
}
