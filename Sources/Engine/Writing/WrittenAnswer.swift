import Basics
import Diagnostics

/// What was written after a prompt.
struct WrittenAnswer {
  /// The text.
  var text = ""
  /// What the model thought before it; `nil` where it did not think.
  var thought: String?
  /// The tokens, a stop token included.
  var generated: [Int32] = []
  /// Why it ended.
  var reason = Answer.FinishReason.length
  /// The probabilities at each token.
  var logprobs: [TokenLogprob] = []
  /// The choices, in the order of the request; empty for other forms.
  var choices: [ChoiceResult] = []
  /// How uncertain the probabilities of choices are because not every way to write them was looked at:
  /// the largest share that is missing.
  var missingShare = 0.0

  /// The JSON value of a complete answer in a form; `nil` for all other answers.
  func value(of form: AnswerForm) -> JSONValue? {
    guard case .schema = form, reason == .stop else { return nil }
    // Deeper than the form lets any value be.
    return try? JSONValue.read(Array(text.utf8), code: .grammarSchema, depthLimit: 1024)
  }
}
