import Diagnostics
import FoundationEssentials

/// What a model's chat template writes at the beginning of an answer when nobody says whether to think.
enum ThinkingTemplate: Sendable, Equatable {
  /// The beginning of a thought.
  case thinks
  /// An empty thought.
  case answers
  /// Nothing.
  case silent
  /// Something else, or there is no template; with the file's path.
  case unknown(file: String)

  private struct File: Decodable {
    let chat_template: String?
  }

  /// Reads the template of a folder. A model without a folder, of random weights, answers.
  ///
  /// - Throws: `model.config`.
  static func read(_ files: ModelFiles) throws(Failure) -> ThinkingTemplate {
    guard files.hasFolder else { return .answers }
    var name = "chat_template.jinja"
    var text = try files.text(name)
    for other in ["chat_template.json", "tokenizer_config.json"] where text == nil {
      text = try files.decode(File.self, other)?.chat_template
      name = text == nil ? name : other
    }
    let file = files.filePath(name)
    return text.map { ThinkingTemplate($0, file: file) } ?? .unknown(file: file)
  }

  /// Recognizes a Jinja template by what follows its last `add_generation_prompt`.
  init(_ template: String, file: String) {
    let start = template.ranges(of: "add_generation_prompt").last?.upperBound
    let tail = template[(start ?? template.startIndex)...].filter { !$0.isWhitespace }
      .replacing("\"", with: "'").replacing("%-", with: "%").replacing("-%", with: "%")
      .replacing("{{-", with: "{{").replacing("-}}", with: "}}")
    let (open, empty) = ("{{'<think>\\n'}}", "{{'<think>\\n\\n</think>\\n\\n'}}")
    let asked = "{%ifenable_thinkingisdefinedandenable_thinkingis"
    if start == nil {
      self = .unknown(file: file)
    } else if tail.contains("\(asked)true%}\(open){%else%}\(empty){%endif%}") {
      self = .answers
    } else if tail.contains("\(asked)false%}\(empty){%else%}\(open){%endif%}") {
      self = .thinks
    } else if !tail.contains("think") {
      self = .silent
    } else {
      self = .unknown(file: file)
    }
  }
}
