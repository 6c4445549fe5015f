import Basics
import Diagnostics
import Testing
import WorkerProtocol

@testable import WebAPI

@Suite("Requests of the interfaces")
struct ChatRequestTests {
  private func value(_ text: String) throws -> JSONValue {
    try JSONValue.read(Array(text.utf8), code: .webBody, verbatim: ["schema", "format"])
  }

  @Test("OpenAI's messages become turns, a question and options")
  func openAI() throws {
    let request = try OpenAIRequest(
      value(
        ##"""
        {"model": "demo", "stream": true, "store": false, "max_completion_tokens": 5, "seed": -1,
         "temperature": 0.5, "stop": "x", "logprobs": true, "top_logprobs": 3, "user": "me",
         "response_format": {"type": "json_schema", "json_schema": {"name": "n", "schema": {"b": 1, "a": 2}}},
         "stream_options": {"include_usage": true}, "illava": {"profile": "off"},
         "messages": [{"role": "system", "content": "be short"},
           {"role": "user", "content": [{"type": "text", "text": "one"},
             {"type": "image_url", "image_url": {"url": "data:#1"}}]},
           {"role": "assistant", "content": "two"},
           {"role": "user", "content": [{"type": "video_url", "video_url": "data:#2"},
             {"type": "text", "text": "three"}]}]}
        """##))
    let question = request.question
    #expect(question.model == "demo" && question.streams && !question.isStored)
    #expect(question.system == ["be short"])
    #expect(question.turns == [JobTurn(question: "one", answer: "two")])
    #expect(question.prompt == "three" && question.files == [1, 2])
    #expect(question.stops == ["x"] && request.countsTokens && request.hasLogprobs)
    #expect(
      question.options == [
        "max_new_tokens": .integer(5), "seed": .integer(.max), "temperature": .number(0.5),
        "top_logprobs": .integer(3), "json_schema": .text(#"{"b": 1, "a": 2}"#),
        "profile": .text("off"),
      ])
  }

  @Test(
    "What would be taken for something else is refused",
    arguments: [
      "[]", "{}", #"{"messages": 1}"#, #"{"messages": [{"content": "x"}]}"#,
      #"{"messages": [{"role": "tool", "content": "x"}]}"#, #"{"messages": [], "n": 2}"#,
      #"{"messages": [], "stream": "yes"}"#,
      #"{"messages": [{"role": "user", "content": [{"type": "audio"}]}]}"#,
      #"{"messages": [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": "http://x/"}}]}]}"#,
      #"{"messages": [], "response_format": {"type": "xml"}}"#,
    ])
  func refused(text: String) throws {
    #expect(throws: Failure.self) { try OpenAIRequest(value(text)) }
  }

  @Test("Ollama's requests stream unless they say otherwise")
  func ollama() throws {
    let chat = try OllamaRequest(
      value(
        ##"""
        {"model": "demo", "messages": [{"role": "user", "content": "a", "images": ["data:#1"]}],
         "format": {"z": 1}, "keep_alive": "5m", "think": false,
         "options": {"num_predict": -1, "repeat_penalty": 1.1, "num_ctx": 4096, "stop": ["b"]}}
        """##), isChat: true
    ).question
    #expect(chat.streams && chat.prompt == "a" && chat.files == [1] && chat.stops == ["b"])
    #expect(
      chat.options == [
        "json_schema": .text(#"{"z": 1}"#), "thinking": .text("off"),
        "repetition_penalty": .number(1.1),
      ])
    let generate = try OllamaRequest(
      value(##"{"prompt": "p", "images": ["data:#1"], "format": "json", "stream": false}"##),
      isChat: false)
    #expect(!generate.question.streams && generate.question.prompt == "p" && !generate.asksNothing)
    #expect(try OllamaRequest(value(#"{"model": "demo"}"#), isChat: false).asksNothing)
  }

  @Test("An answer ends before the first stop, also where that comes in pieces")
  func stops() {
    var filter = StopFilter(["END", "ü!"])
    #expect(filter.next("abE", isWhole: false) == "ab")
    #expect(filter.next("abEN", isWhole: false) == "")
    #expect(filter.next("abENcü", isWhole: false) == "ENc")
    #expect(filter.next("abENcüx ENDmore", isWhole: false) == "üx ")
    #expect(filter.isStopped && filter.next("abENcüx ENDmore!", isWhole: true) == "")
    var whole = StopFilter([])
    #expect(whole.next("a", isWhole: false) == "a" && whole.next("ab", isWhole: true) == "b")
  }
}
