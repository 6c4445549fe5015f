import Diagnostics

/// A `Failure` as it is written to `error.json` and to the store, and sent over pipes.
public struct ErrorReport: Codable, Sendable, Equatable {
  /// The kind of failure, which says who has to act.
  public var kind: Failure.Kind
  /// A stable code for programs.
  public var code: FailureCode
  /// What happened.
  public var message: String
  /// Advice on what to do, where there is some.
  public var remedy: String?
  /// The stage of the work, as in `WorkerProgress`; `nil` before any work was done.
  public var stage: String?

  /// The report of a failure.
  public init(_ failure: Failure) {
    kind = failure.kind
    code = failure.code
    message = failure.message
    remedy = failure.remedy
  }

  /// The failure that is reported.
  public var failure: Failure { Failure(kind, code: code, message, remedy: remedy) }
}
