import Basics
import Diagnostics

/// A request of `POST /v1/chat/completions`.
///
/// Source: OpenAI's reference, “Create chat completion”.
struct OpenAIRequest {
  private(set) var question = ChatQuestion()
  /// Whether the last piece of a stream counts tokens.
  private(set) var countsTokens = false
  /// Whether the reply has the probabilities of tokens.
  private(set) var hasLogprobs = false
  /// How many other tokens are told at each place.
  private(set) var topLogprobs = 0

  /// Reads a request.
  ///
  /// - Throws: `web.body`, `web.media`.
  init(_ value: JSONValue) throws(Failure) {
    guard case .object(let members) = value else { throw ChatQuestion.wrong("the body", value) }
    for (name, value) in members where value != .null { try read(name, value) }
    if hasLogprobs { question.options["top_logprobs"] = .integer(max(1, topLogprobs)) }
    countsTokens = value["stream_options"]?["include_usage"]?.truth ?? false
    guard let messages = value["messages"] else { throw ChatQuestion.wrong("messages", nil) }
    try readMessages(messages)
  }

  private mutating func read(_ name: String, _ value: JSONValue) throws(Failure) {
    switch name {
    case "model":
      guard let text = value.string else { throw ChatQuestion.wrong(name, value) }
      question.model = text
    case "stream": question.streams = try Self.flag(name, value)
    case "store": question.isStored = try Self.flag(name, value)
    case "logprobs": hasLogprobs = try Self.flag(name, value)
    case "top_logprobs":
      guard case .integer(let number) = value, 0...20 ~= number else {
        throw ChatQuestion.wrong(name, value)
      }
      topLogprobs = number
    case "n":
      guard value == .integer(1) else {
        throw Failure(
          .badInput, code: .webBody, "“n” in the request is not 1",
          remedy: "Ask several times, with different seeds.")
      }
    case "max_tokens", "max_completion_tokens": question.options["max_new_tokens"] = value
    case "temperature", "top_p", "top_k", "repetition_penalty": question.options[name] = value
    case "seed":
      // Seeds of illava are not negative; OpenAI's may be.
      if case .integer(let number) = value {
        question.options[name] = .integer(number < 0 ? number & .max : number)
      } else {
        question.options[name] = value
      }
    case "stop": try question.readStops(value)
    case "response_format": try readFormat(value)
    case "illava":
      guard case .object(let options) = value else { throw ChatQuestion.wrong(name, value) }
      question.options.merge(options) { _, own in own }
    // Clients send much that others understand, such as tools and penalties.
    default: break
    }
  }

  private mutating func readFormat(_ value: JSONValue) throws(Failure) {
    switch value["type"]?.string {
    case "text": break
    case "json_object": question.options["json_schema"] = .text("{\"type\":\"object\"}")
    case "json_schema":
      guard let schema = value["json_schema"]?["schema"]?.string else {
        throw ChatQuestion.wrong("response_format.json_schema.schema", value["json_schema"])
      }
      question.options["json_schema"] = .text(schema)
    default: throw ChatQuestion.wrong("response_format.type", value["type"])
    }
  }

  private mutating func readMessages(_ value: JSONValue) throws(Failure) {
    guard case .array(let list) = value else { throw ChatQuestion.wrong("messages", value) }
    var messages = ChatMessages()
    for message in list {
      guard let role = message["role"]?.string else {
        throw ChatQuestion.wrong("messages.role", message["role"])
      }
      var text: [String] = []
      var files: [Int] = []
      switch message["content"] {
      case nil: break
      case .text(let content): text = [content]
      case .array(let parts):
        for part in parts { try Self.read(part, &text, &files) }
      case let other: throw ChatQuestion.wrong("messages.content", other)
      }
      try messages.add(role: role, text: text.joined(separator: "\n"), files: files)
    }
    messages.fill(&question)
  }

  private static func read(
    _ part: JSONValue, _ text: inout [String], _ files: inout [Int]
  ) throws(Failure) {
    let type = part["type"]?.string ?? ""
    switch type {
    case "text", "input_text":
      guard let own = part["text"]?.string else { throw ChatQuestion.wrong("text", part["text"]) }
      text.append(own)
    case "image_url", "video_url", "input_image":
      let member = type == "input_image" ? part["image_url"] : part[type]
      guard let url = member?["url"]?.string ?? member?.string else {
        throw ChatQuestion.wrong(type, member)
      }
      files.append(try ChatQuestion.file(url))
    default:
      throw Failure(
        .badInput, code: .webBody,
        "a part of a message has the type “\(PlainText.line(String(type.prefix(40))))”, which is not known",
        remedy: "Use text, image_url and video_url.")
    }
  }

  private static func flag(_ name: String, _ value: JSONValue) throws(Failure) -> Bool {
    guard let flag = value.truth else { throw ChatQuestion.wrong(name, value) }
    return flag
  }
}
