import Basics
import Engine

extension AnswerDocument {
  /// A question and its answer.
  public struct AnswerEntry: Sendable, Codable {
    let prompt: String
    /// What the model thought before it answered; left out where it did not think.
    let thought: String?
    let answer: String
    let finishReason: Answer.FinishReason
    /// Tokens generated, a stop token included.
    let tokens: Int
    /// The JSON value of a complete answer that was bound to a schema.
    let value: JSONValue?
    /// How sure the model is, from 0 to 1.
    let confidence: Double?
    /// The mean of the natural logarithms of the tokens' probabilities; left out for choices.
    let meanLogprob: Double?
    /// The choices, in the order in which they were given; left out where there were none.
    let choices: [ChoiceEntry]?
    /// The probabilities at each token, where they were asked for.
    let logprobs: [LogprobEntry]?

    private enum CodingKeys: String, CodingKey {
      case prompt, thought, answer, tokens, value, confidence, choices, logprobs
      case finishReason = "finish_reason"
      case meanLogprob = "mean_logprob"
    }

    init(_ answer: Answer, _ request: Request) {
      prompt = request.prompt
      thought = answer.thought
      self.answer = answer.text
      finishReason = answer.finishReason
      tokens = answer.generated.count
      value = answer.value
      // JSON has no word for what is not a number.
      confidence = answer.confidence.flatMap { $0.isFinite ? $0 : nil }
      meanLogprob = answer.meanLogprob.flatMap { $0.isFinite ? $0 : nil }
      choices = answer.choices.isEmpty ? nil : answer.choices.map { ChoiceEntry($0) }
      logprobs =
        request.topLogprobs > 0 && !answer.logprobs.isEmpty
        ? answer.logprobs.map { LogprobEntry($0) } : nil
    }
  }

  /// A choice and how likely it is.
  struct ChoiceEntry: Sendable, Codable {
    let text: String
    /// Its share of all choices; all shares sum to 1.
    let confidence: Double
    /// The natural logarithm of the probability that the model writes this text and ends.
    let logprob: Double?

    init(_ choice: ChoiceResult) {
      text = choice.text
      confidence = choice.confidence
      logprob = choice.logprob.isFinite ? choice.logprob : nil
    }
  }
}
