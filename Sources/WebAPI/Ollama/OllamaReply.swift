import Answers
import Basics
import Diagnostics

/// Replies of `POST /api/chat` and `POST /api/generate`.
struct OllamaReply {
  let model: String
  let isChat: Bool

  /// A piece of the answer.
  func piece(_ text: String) -> [String: JSONValue] {
    var object: [String: JSONValue] = [
      "model": .text(model), "created_at": .text(Timestamp.now), "done": .flag(false),
    ]
    if isChat {
      object["message"] = .object(["role": .text("assistant"), "content": .text(text)])
    } else {
      object["response"] = .text(text)
    }
    return object
  }

  /// The last piece.
  ///
  /// - Parameter text: what was not sent yet of the answer.
  func end(_ answer: ChatAnswer, text: String, isStopped: Bool) -> [String: JSONValue] {
    func nanoseconds(_ seconds: Double?) -> JSONValue {
      .integer(Int(clamping: Int64(min(1e9, max(0, seconds ?? 0)) * 1e9)))
    }
    let seconds = answer.document.seconds
    var object = piece(text)
    if isChat, let thought = answer.question.thought {
      object["message"] = .object([
        "role": .text("assistant"), "content": .text(text), "thinking": .text(thought),
      ])
    }
    object["done"] = .flag(true)
    object["done_reason"] = .text(isStopped ? "stop" : answer.finishReason)
    object["total_duration"] = nanoseconds(seconds?.total)
    object["load_duration"] = nanoseconds(seconds?.load)
    object["prompt_eval_count"] = .integer(answer.promptTokens)
    object["prompt_eval_count_after_merging"] = .integer(answer.promptTokensLeft)
    object["prompt_eval_duration"] = nanoseconds(
      seconds.map { $0.media + $0.vision + $0.prefill })
    object["eval_count"] = .integer(answer.answerTokens)
    object["eval_duration"] = nanoseconds(seconds?.decode)
    return object
  }

  /// The reply to a request that asks nothing.
  func loaded() -> [String: JSONValue] {
    var object = piece("")
    object["done"] = .flag(true)
    object["done_reason"] = .text("load")
    return object
  }

  /// A failure as Ollama's interface has it.
  static func error(_ failure: Failure) -> JSONValue {
    .object(["error": .text(HTTPFailure.text(failure)), "code": .text(failure.code.rawValue)])
  }
}
