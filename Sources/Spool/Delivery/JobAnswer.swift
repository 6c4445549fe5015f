/// The answers of a job, as they are in the outbox.
public struct JobAnswer: Sendable {
  /// Where `answer.json` lies.
  public let path: String
  /// The bytes of `answer.json`.
  public let json: [UInt8]
  /// The answers, in the order of the job's questions.
  public let texts: [AnswerText]
  /// What the answer warns of.
  public let warnings: [String]
}
