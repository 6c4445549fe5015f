import Diagnostics
import Options

/// What an answer may be.
public enum AnswerForm: Sendable, Equatable {
  /// Any text.
  case free
  /// The likeliest of these texts.
  case choices([String])
  /// JSON that is valid by this schema.
  case schema(String)
  /// Text that fits this regular expression as a whole.
  case regex(String)

  /// The most choices, and the most bytes of one.
  static let maxChoices = 256
  static let maxChoiceBytes = 1000

  /// The form that options choose.
  ///
  /// - Throws: `option.conflict` for several forms, `grammar.choices`.
  init(_ options: QuestionOptions) throws(Failure) {
    if let (one, other) = options.conflict, one.topic == .answer {
      throw Failure(
        .usage, code: .optionConflict, "\(one.flag) and \(other.flag) exclude each other",
        remedy: "Keep one of them.")
    }
    if let choices = try options.value(\.choices) {
      try Self.check(choices)
      self = .choices(choices)
    } else if let schema = try options.value(\.jsonSchema) {
      self = .schema(schema)
    } else if let regex = try options.value(\.regex) {
      self = .regex(regex)
    } else {
      self = .free
    }
  }

  /// Bytes of the longest choice, each of which may become a token; `nil` for other forms.
  var longestChoice: Int? {
    guard case .choices(let choices) = self else { return nil }
    return choices.map(\.utf8.count).max() ?? 0
  }

  private static func check(_ choices: [String]) throws(Failure) {
    let problem: String
    if choices.isEmpty {
      problem = "there are no choices"
    } else if choices.count > maxChoices {
      problem = "there are \(choices.count) choices, more than \(maxChoices)"
    } else if choices.contains("") {
      problem = "a choice is empty"
    } else if let long = choices.first(where: { $0.utf8.count > maxChoiceBytes }) {
      problem = "the choice “\(long.prefix(40))…” has more than \(maxChoiceBytes) bytes"
    } else if let (index, twice) = choices.enumerated().first(where: {
      choices[..<$0.offset].contains($0.element)
    }) {
      problem = "the choice “\(twice.prefix(40))” comes again at place \(index + 1)"
    } else {
      return
    }
    throw Failure(
      .usage, code: .grammarChoices, problem,
      remedy: "Give 1 to \(maxChoices) different texts of at most \(maxChoiceBytes) bytes each.")
  }
}
