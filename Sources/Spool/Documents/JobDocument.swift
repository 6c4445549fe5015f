import Basics
import Diagnostics
import Options
import WorkerProtocol

/// The contents of a job file, a sidecar or a folder's `illava.toml`.
public struct JobDocument: Sendable, Equatable {
  /// The media that it names, by relative path; `nil` where it names none.
  public var media: [BytePath]?
  /// The questions; `nil` where there are none.
  public var prompts: [String]?
  /// The id of the answered job whose media are asked about again; `nil` for media of its own.
  public var followUp: String?
  /// What was said about the media before; `nil` for nothing.
  public var turns: [JobTurn]?
  /// The pictures to draw; `nil` for what the configuration says.
  public var visualize: Visualization?
  /// The chosen options.
  public var options = QuestionOptions()
  /// The priority: higher goes first; `nil` where it sets none.
  public var priority: Int?

  /// An empty document.
  public init() {}

  private static let members = [
    "media", "follow_up", "turns", "prompts", "prompt", "options", "priority", "visualize",
  ]

  /// Reads JSON.
  ///
  /// - Parameter source: the file's name, for messages.
  /// - Throws: `job.json` for text that is not a JSON object, `job.*` for invalid members.
  public init(json: [UInt8], source: String) throws(Failure) {
    guard let text = TextBytes.utf8(json) else {
      throw Failure(
        .badInput, code: .jobJSON, "\(source) is neither UTF-8 nor UTF-16 text",
        remedy: "Save it as UTF-8.")
    }
    let value: JSONValue
    do {
      value = try JSONValue.read(text, code: .jobJSON, verbatim: OptionReading.verbatim)
    } catch {
      throw Failure(
        .badInput, code: .jobJSON, "\(source) is not JSON: \(error.text)",
        remedy: "Check it with a JSON tool, such as python3 -m json.tool.")
    }
    guard case .object(let object) = value else {
      throw Failure(
        .badInput, code: .jobJSON, "\(source) is \(value.kind), not a JSON object",
        remedy: "Write { \"prompts\": [\"…\"], \"options\": { … } }.")
    }
    try self.init(object, source: source)
  }

  /// Reads a text file: all of it is one question.
  ///
  /// - Throws: `job.prompt` when it is empty, or neither UTF-8 nor UTF-16 with a byte order mark.
  public init(text: [UInt8], source: String) throws(Failure) {
    // A NUL is in no text: it is UTF-16 without its mark, or not text at all.
    guard let bytes = TextBytes.utf8(text), !bytes.contains(0),
      let prompt = String(validating: bytes, as: UTF8.self)
    else {
      throw Failure(
        .badInput, code: .jobPrompt, "\(source) is not UTF-8 text",
        remedy: "Save it as UTF-8.")
    }
    prompts = [try Self.prompt(.text(prompt), source)]
  }

  /// Reads the members of an object.
  init(_ object: [String: JSONValue], source: String) throws(Failure) {
    var options: [String: JSONValue] = [:]
    for (name, value) in object.sorted(by: { $0.key < $1.key }) {
      switch name {
      case "media": media = try Self.media(value, source)
      case "follow_up": followUp = try Self.followUp(value, object, source)
      case "prompt" where object["prompts"] != nil:
        throw Failure(
          .badInput, code: .jobPrompts, "\(source) has both “prompt” and “prompts”",
          remedy: "Keep one of them.")
      case "prompt": prompts = [try Self.prompt(value, source)]
      case "prompts": prompts = try Self.prompts(value, source)
      case "turns": turns = try Self.turns(value, object, source)
      case "visualize": visualize = try Self.visualize(value, source)
      case "priority":
        guard case .integer(let number) = value, -100...100 ~= number else {
          throw Failure(
            .badInput, code: .jobPriority, "“priority” in \(source) is \(value.shown)",
            remedy: "Give a whole number from -100 to 100; higher goes first.")
        }
        priority = number
      case "options":
        guard case .object(let inner) = value else {
          throw Failure(
            .badInput, code: .jobOptions, "“options” in \(source) is \(value.kind)",
            remedy: "Give an object, such as { \"max_new_tokens\": 128 }.")
        }
        for (name, value) in inner { options[name] = value }
      default:
        // A sidecar often has only options, so they may also be at the top level.
        guard OptionReading.names.contains(name) else {
          throw OptionReading.unknown(
            name, among: Self.members + OptionReading.names, source, code: .jobMemberUnknown)
        }
        options[name] = value
      }
    }
    // A question about nothing is asked on purpose only where there is a question.
    guard media?.isEmpty != true || prompts != nil else { throw Self.noMedia(source) }
    self.options = try OptionReading.options(options, source: source)
  }

  private static func followUp(
    _ value: JSONValue, _ object: [String: JSONValue], _ source: String
  ) throws(Failure) -> String {
    guard case .text(let id) = value, JobIDs.isID(id) else {
      throw Failure(
        .badInput, code: .jobFollowUp, "“follow_up” in \(source) is \(value.shown)",
        remedy: "Give the whole id of an answered job, as illava list --json has it.")
    }
    guard object["media"] == nil else {
      throw Failure(
        .badInput, code: .jobFollowUp, "\(source) has both “follow_up” and “media”",
        remedy: "Keep one of them: a job that follows up is about the media of the job it names.")
    }
    return id
  }

  private static func prompts(_ value: JSONValue, _ source: String) throws(Failure) -> [String] {
    guard case .array(let values) = value, 1...64 ~= values.count else {
      throw Failure(
        .badInput, code: .jobPrompts, "“prompts” in \(source) is \(value.shown)",
        remedy: "Give a list of 1 to 64 questions, such as [\"What happens?\"].")
    }
    return try values.map { value throws(Failure) in try prompt(value, source) }
  }

  static func prompt(_ value: JSONValue, _ source: String) throws(Failure) -> String {
    guard case .text(let text) = value, let question = QuestionText.question(text) else {
      throw Failure(
        .badInput, code: .jobPrompt, "a question in \(source) is \(value.shown)",
        remedy: "Give text that is not empty.")
    }
    return question
  }
}
