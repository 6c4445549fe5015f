import Engine
import WorkerProtocol

extension WorkerSummary {
  /// Adds the answer to one of the questions.
  ///
  /// - Parameter questions: how many there are.
  mutating func add(_ answer: Answer, questions: Int) {
    add(answer.plan)
    visualTokens = answer.visualTokens
    visualTokensLeft = answer.visualTokensLeft
    if answer.finishReason != .stop, ending == nil { ending = answer.finishReason.rawValue }
    // Per question, because a time estimate counts the remaining questions.
    let share = 1 / Double(questions)
    for (stage, seconds) in [
      ("media", answer.seconds.media), ("vision", answer.seconds.vision),
      ("prefill", answer.seconds.prefill), ("decode", answer.seconds.decode),
    ] { self.seconds[stage, default: 0] += seconds * share }
  }
}
