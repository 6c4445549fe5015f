import Diagnostics
import Options
import Tokenizer

/// The end of prompts of models that may think, between `<think>` and `</think>`, before they answer.
struct ThinkingFormat: Sendable {
  private let start: Int32
  private let end: Int32
  private let template: ThinkingTemplate

  /// The names of the tokens.
  static let names = ["<think>", "</think>"]

  /// The format in a model's vocabulary.
  ///
  /// - Throws: `model.special-token` when the vocabulary lacks one of the tokens.
  init(
    _ tokenizer: Tokenizer, vocabularySize: Int, template: ThinkingTemplate
  ) throws(Failure) {
    start = try ChatFormat.special(Self.names[0], tokenizer, vocabularySize: vocabularySize)
    end = try ChatFormat.special(Self.names[1], tokenizer, vocabularySize: vocabularySize)
    self.template = template
  }

  /// The question with its texts as the template trims them: white space goes from the beginning and the
  /// end of a turn, and images and videos are part of the user's.
  func trimmed(_ question: Question) -> Question {
    var question = question
    for index in question.turns.indices {
      let turn = question.turns[index]
      question.turns[index].question = turn.question.trimmed(
        atStart: index > 0 || question.visuals.isEmpty)
      question.turns[index].answer = turn.answer.trimmed(atStart: true)
    }
    question.text = question.text.trimmed(
      atStart: question.visuals.isEmpty || !question.turns.isEmpty)
    question.system = question.system?.trimmed(atStart: true)
    return question
  }

  /// Writes what the assistant's turn begins with.
  ///
  /// - Throws: `model.config` where nothing is chosen and the template is of an unknown form.
  func writeTail(_ choice: ThinkingChoice, to writer: inout PromptWriter) throws(Failure) {
    switch (choice, template) {
    case (.on, _), (.auto, .thinks):
      writer.special(start)
      writer.text("\n")
      writer.openThought()
    case (.off, _), (.auto, .answers):
      writer.special(start)
      writer.text("\n\n")
      writer.special(end)
      writer.text("\n\n")
    case (.auto, .silent): return
    case (.auto, .unknown(let file)):
      throw Failure(
        .modelUnusable, code: .modelConfig,
        "\(file) does not say in a known form whether the model thinks before it answers",
        remedy: "Give --thinking on or --thinking off.")
    }
  }
}

extension String {
  /// The text without white space at its end, and at its start where wanted (Python's `strip`).
  fileprivate func trimmed(atStart: Bool) -> String {
    func isSpace(_ scalar: Unicode.Scalar) -> Bool {
      scalar.properties.isWhitespace || (0x1C...0x1F).contains(scalar.value)
    }
    var scalars = unicodeScalars[...]
    while let last = scalars.last, isSpace(last) { scalars.removeLast() }
    while atStart, let first = scalars.first, isSpace(first) { scalars.removeFirst() }
    return String(scalars)
  }
}
