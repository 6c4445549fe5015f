import Diagnostics
import WebServer

/// Any error of serving a question as a failure.
public enum ChatFailure {
  /// The failure.
  public static func of(_ error: any Error) -> Failure {
    switch error {
    case let failure as Failure: failure
    case ServerProblem.tooLarge:
      Failure(
        .badInput, code: .webBody, "the request is too large",
        remedy: "Send fewer or smaller pictures.")
    case is ServerProblem:
      Failure(.badInput, code: .webBody, "the request did not arrive as a whole")
    default: Failure(.fault, code: .webBody, "the request cannot be served: \(error)")
    }
  }
}
