import Answers
import Basics
import Diagnostics
import WebServer

/// Replies of `POST /v1/chat/completions`.
struct OpenAIReply {
  let id: String
  let model: String
  let created: Int
  let request: OpenAIRequest

  /// The whole reply.
  func whole(_ answer: ChatAnswer, text: String, isStopped: Bool) -> JSONValue {
    var message: [String: JSONValue] = [
      "role": .text("assistant"), "content": .text(text), "refusal": .null,
    ]
    if let thought = answer.question.thought { message["reasoning_content"] = .text(thought) }
    let choice: [String: JSONValue] = [
      "index": .integer(0), "message": .object(message), "logprobs": logprobs(answer),
      "finish_reason": .text(isStopped ? "stop" : answer.finishReason),
    ]
    return .object([
      "id": .text("chatcmpl-" + id), "object": .text("chat.completion"),
      "created": .integer(created), "model": .text(model), "choices": .array([.object(choice)]),
      "usage": Self.usage(answer), "system_fingerprint": .text("illava-" + ProgramVersion.text),
    ])
  }

  /// A piece of a stream.
  ///
  /// - Parameters:
  ///   - delta: what is new of the message.
  ///   - reason: why the answer ended; `nil` before its end.
  func piece(
    _ delta: [String: JSONValue], reason: String? = nil, logprobs: JSONValue = .null
  ) -> String {
    event(
      choices: [
        .object([
          "index": .integer(0), "delta": .object(delta), "logprobs": logprobs,
          "finish_reason": reason.map { .text($0) } ?? .null,
        ])
      ], usage: nil)
  }

  /// The last pieces of a stream.
  func end(_ answer: ChatAnswer, isStopped: Bool) -> String {
    var text = piece(
      [:], reason: isStopped ? "stop" : answer.finishReason, logprobs: logprobs(answer))
    if request.countsTokens { text += event(choices: [], usage: Self.usage(answer)) }
    return text + "data: [DONE]\n\n"
  }

  private func event(choices: [JSONValue], usage: JSONValue?) -> String {
    var object: [String: JSONValue] = [
      "id": .text("chatcmpl-" + id), "object": .text("chat.completion.chunk"),
      "created": .integer(created), "model": .text(model), "choices": .array(choices),
    ]
    if let usage { object["usage"] = usage }
    return "data: \(JSONReply.text(.object(object)))\n\n"
  }

  /// Tokens before merging, as others count them, and those that were left.
  static func usage(_ answer: ChatAnswer) -> JSONValue {
    .object([
      "prompt_tokens": .integer(answer.promptTokens),
      "completion_tokens": .integer(answer.answerTokens),
      "total_tokens": .integer(answer.promptTokens.addingClamped(answer.answerTokens)),
      "prompt_tokens_after_merging": .integer(answer.promptTokensLeft),
      "visual_tokens": .integer(answer.document.tokens?.visual ?? 0),
      "visual_tokens_after_merging": .integer(answer.document.tokens?.visualLeft ?? 0),
    ])
  }

  private func logprobs(_ answer: ChatAnswer) -> JSONValue {
    guard request.hasLogprobs, let tokens = answer.question.logprobs else { return .null }
    func entry(_ text: String, _ logprob: Double?) -> [String: JSONValue] {
      [
        "token": .text(text), "logprob": .number(logprob ?? 0),
        "bytes": .array(text.utf8.map { .integer(Int($0)) }),
      ]
    }
    return .object([
      "content": .array(
        tokens.map { token in
          var own = entry(token.text, token.logprob)
          own["top_logprobs"] = .array(
            token.top.prefix(request.topLogprobs).map { .object(entry($0.text, $0.logprob)) })
          return .object(own)
        }), "refusal": .null,
    ])
  }

  /// A failure as OpenAI's interface has it.
  static func error(_ failure: Failure) -> JSONValue {
    let status = HTTPFailure.status(failure)
    let type =
      switch status {
      case 429: "rate_limit_error"
      case 400..<500: "invalid_request_error"
      default: "server_error"
      }
    let code: JSONValue =
      failure.code == .webModel ? .text("model_not_found") : .text(failure.code.rawValue)
    return .object([
      "error": .object([
        "message": .text(HTTPFailure.text(failure)), "type": .text(type), "param": .null,
        "code": code,
      ])
    ])
  }
}
