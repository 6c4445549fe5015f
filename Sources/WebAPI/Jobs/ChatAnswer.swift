import Answers
import Basics
import Spool

/// The answer to a question.
public struct ChatAnswer: Sendable {
  /// The job.
  public let job: String
  /// `answer.json`.
  public let document: AnswerDocument

  /// The first question, with its answer.
  var question: AnswerDocument.Question {
    document.questions.first ?? AnswerDocument.Question(prompt: "")
  }

  /// The answer's text.
  public var text: String { question.answer ?? "" }

  /// Tokens of the prompt, before merging.
  var promptTokens: Int { document.tokens?.prompt ?? 0 }

  /// Tokens of the prompt that were left after merging.
  var promptTokensLeft: Int {
    guard let tokens = document.tokens else { return 0 }
    return tokens.prompt - tokens.visual + tokens.visualLeft
  }

  /// Tokens of the answer.
  var answerTokens: Int { question.tokens ?? 0 }

  /// Why the answer ended, in the words of both interfaces.
  var finishReason: String {
    // An answer that repeated itself was cut off, too.
    question.finishReason == "stop" || question.finishReason == nil ? "stop" : "length"
  }
}
