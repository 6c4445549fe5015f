import Basics
import Diagnostics

/// A request of `POST /api/chat` or `POST /api/generate`.
///
/// Source: Ollama's documentation, `docs/api.md`.
struct OllamaRequest {
  private(set) var question = ChatQuestion()
  /// Whether only the model is to be loaded: nothing is asked.
  private(set) var asksNothing = false

  /// Reads a request.
  ///
  /// - Parameter isChat: whether it has messages; otherwise it has a prompt.
  /// - Throws: `web.body`, `web.media`.
  init(_ value: JSONValue, isChat: Bool) throws(Failure) {
    guard case .object(let members) = value else { throw ChatQuestion.wrong("the body", value) }
    // Unless a request says otherwise, answers are streamed.
    question.streams = true
    for (name, value) in members where value != .null {
      switch name {
      case "model", "name":
        guard let text = value.string else { throw ChatQuestion.wrong(name, value) }
        question.model = text
      case "stream":
        guard let flag = value.truth else { throw ChatQuestion.wrong(name, value) }
        question.streams = flag
      case "store":
        guard let flag = value.truth else { throw ChatQuestion.wrong(name, value) }
        question.isStored = flag
      case "system":
        guard let text = value.string else { throw ChatQuestion.wrong(name, value) }
        if !text.isEmpty { question.system = [text] }
      case "think":
        if let flag = value.truth { question.options["thinking"] = .text(flag ? "on" : "off") }
      case "illava":
        guard case .object(let options) = value else { throw ChatQuestion.wrong(name, value) }
        question.options.merge(options) { _, own in own }
      // Clients send much that others understand. keep_alive is one: how long a model stays loaded is the
      // daemon's idle_unload.
      default: break
      }
    }
    try readFormat(value["format"])
    if let options = value["options"] { try readOptions(options) }
    try isChat ? readMessages(value["messages"]) : readPrompt(value)
  }

  private mutating func readPrompt(_ value: JSONValue) throws(Failure) {
    question.prompt = value["prompt"]?.string ?? ""
    question.files = try Self.images(value["images"])
    asksNothing = question.prompt.isEmpty && question.files.isEmpty
  }

  private mutating func readMessages(_ value: JSONValue?) throws(Failure) {
    guard let value, case .array(let list) = value else {
      asksNothing = value == nil
      if value != nil { throw ChatQuestion.wrong("messages", value) }
      return
    }
    asksNothing = list.isEmpty
    var messages = ChatMessages()
    for message in list {
      guard let role = message["role"]?.string else {
        throw ChatQuestion.wrong("messages.role", message["role"])
      }
      try messages.add(
        role: role, text: message["content"]?.string ?? "",
        files: try Self.images(message["images"]))
    }
    messages.fill(&question)
  }

  private static func images(_ value: JSONValue?) throws(Failure) -> [Int] {
    guard let value else { return [] }
    guard case .array(let list) = value else { throw ChatQuestion.wrong("images", value) }
    return try list.map { image throws(Failure) in try ChatQuestion.file(image.string ?? "") }
  }

  private mutating func readFormat(_ value: JSONValue?) throws(Failure) {
    // An object is kept as its text.
    guard let text = value?.string, !text.isEmpty else { return }
    question.options["json_schema"] = .text(text == "json" ? "{\"type\":\"object\"}" : text)
  }

  private mutating func readOptions(_ value: JSONValue) throws(Failure) {
    guard case .object(let options) = value else { throw ChatQuestion.wrong("options", value) }
    for (name, value) in options where value != .null {
      switch name {
      case "temperature", "top_p", "top_k": question.options[name] = value
      case "seed":
        if case .integer(let number) = value {
          question.options[name] = .integer(number < 0 ? number & .max : number)
        } else {
          question.options[name] = value
        }
      case "repeat_penalty": question.options["repetition_penalty"] = value
      case "num_predict":
        // Negative: as many as fit, or no limit. Here the usual limit stays.
        if case .integer(let number) = value, number < 0 { break }
        question.options["max_new_tokens"] = value
      case "stop": try question.readStops(value)
      // The others are about how Ollama computes, such as num_ctx.
      default: break
      }
    }
  }
}
