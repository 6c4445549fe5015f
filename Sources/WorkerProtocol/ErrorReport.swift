import Diagnostics

/// A `Failure` as it is written to `error.json`, to the store and over pipes.
public struct ErrorReport: Codable, Sendable, Equatable {
  /// Who has to act.
  public var kind: Failure.Kind
  /// A stable name for programs.
  public var code: FailureCode
  /// What happened.
  public var message: String
  /// What to do about it, where something is known.
  public var remedy: String?
  /// What a worker was doing: a stage of `WorkerProgress`; `nil` before any work was done.
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
