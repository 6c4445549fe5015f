import Basics

extension AnswerDocument {
  /// A question, and its answer where there is one.
  public struct Question: Sendable, Codable {
    /// The question.
    public var prompt: String
    /// What the model thought before it answered; `nil` where it did not think.
    public var thought: String?
    /// The answer.
    public var answer: String?
    /// Why the answer ended: `stop`, `length` or `repetition`.
    public var finishReason: String?
    /// Tokens generated, a stop token included.
    public var tokens: Int?
    /// Seconds that the question took, without loading the model.
    public var seconds: Double?
    /// The JSON value of a complete answer that was bound to a schema.
    public var value: JSONValue?
    /// The boxes and points that the answer names, in its order; `nil` where there are none.
    public var boxes: [Box]?
    /// How sure the model is, from 0 to 1.
    public var confidence: Double?
    /// The mean of the natural logarithms of the tokens' probabilities; `nil` for choices.
    public var meanLogprob: Double?
    /// The choices, in the order in which they were given; `nil` where there were none.
    public var choices: [Choice]?
    /// The probabilities at each token, where they were asked for.
    public var logprobs: [Logprob]?

    private enum CodingKeys: String, CodingKey {
      case prompt, thought, answer, tokens, seconds, value, boxes, confidence, choices, logprobs
      case finishReason = "finish_reason"
      case meanLogprob = "mean_logprob"
    }

    /// A question without an answer.
    public init(prompt: String) { self.prompt = prompt }

    /// How an answer ended that did not end by itself, in words; `nil` for any other.
    public var ending: String? {
      finishReason.flatMap { Self.ending($0, tokens: tokens) }
    }

    /// How an answer with this reason ended, where it did not end by itself.
    ///
    /// - Parameter tokens: how many it has; `nil` leaves the number out.
    public static func ending(_ reason: String, tokens: Int? = nil) -> String? {
      let after = tokens.map { " after \($0) token\($0 == 1 ? "" : "s")" } ?? ""
      return switch reason {
      case "length": "cut off" + after
      case "repetition": "repeats itself" + (after.isEmpty ? "" : ", ended" + after)
      default: nil
      }
    }
  }

  /// A choice and how likely it is.
  public struct Choice: Sendable, Codable {
    /// Its text.
    public let text: String
    /// Its share of all choices; all shares sum to 1.
    public let confidence: Double
    /// The natural logarithm of the probability that the model writes this text and ends.
    public let logprob: Double?

    /// A choice from its parts.
    public init(text: String, confidence: Double, logprob: Double?) {
      self.text = text
      self.confidence = confidence
      self.logprob = logprob
    }
  }

  /// A token of an answer and the model's own probabilities at its place.
  public struct Logprob: Sendable, Codable {
    /// A token that was possible.
    public struct Alternative: Sendable, Codable {
      /// Its id.
      public let token: Int32
      /// Its text.
      public let text: String
      /// The natural logarithm of its probability.
      public let logprob: Double

      /// A token from its parts.
      public init(token: Int32, text: String, logprob: Double) {
        self.token = token
        self.text = text
        self.logprob = logprob
      }
    }

    /// Its id.
    public let token: Int32
    /// Its text; bytes that are no character by themselves are U+FFFD.
    public let text: String
    /// The natural logarithm of its probability; `nil` where the form of the answer left no choice.
    public let logprob: Double?
    /// The likeliest tokens at its place.
    public let top: [Alternative]

    /// A token from its parts.
    public init(token: Int32, text: String, logprob: Double?, top: [Alternative]) {
      self.token = token
      self.text = text
      self.logprob = logprob
      self.top = top
    }
  }
}
