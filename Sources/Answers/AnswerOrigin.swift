/// Who asked: what a worker cannot know of its job.
public struct AnswerOrigin: Sendable, Codable, Equatable {
  /// The job, as it is when its attempt begins.
  public var job: AnswerDocument.Job
  /// The name of the machine.
  public var host: String

  /// A job on a machine.
  public init(job: AnswerDocument.Job, host: String) {
    self.job = job
    self.host = host
  }

  /// The job at its end.
  ///
  /// - Parameters:
  ///   - state: `done`, `failed` or `cancelled`.
  ///   - ended: when, as RFC 3339 has it.
  public func ended(_ state: String, _ ended: String) -> AnswerOrigin {
    var result = self
    result.job.state = state
    result.job.ended = ended
    return result
  }
}
