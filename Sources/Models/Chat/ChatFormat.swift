import Diagnostics
import Tokenizer

/// The chat format of Qwen models and their relatives (ChatML): turns between `<|im_start|>` and
/// `<|im_end|>`, and visual tokens between two markers.
struct ChatFormat: Sendable {
  private let turnStart: Int32
  private let turnEnd: Int32
  private let visionStart: Int32
  private let visionEnd: Int32

  /// The names of the tokens of Qwen models.
  static let names = ["<|im_start|>", "<|im_end|>", "<|vision_start|>", "<|vision_end|>"]

  /// The format in a model's vocabulary.
  ///
  /// - Parameter markers: the tokens before and after a run of visual tokens.
  /// - Throws: `model.special-token` when the vocabulary lacks one of the tokens.
  init(
    _ tokenizer: Tokenizer, vocabularySize: Int,
    markers: (start: String, end: String) = (names[2], names[3])
  ) throws(Failure) {
    func special(_ name: String) throws(Failure) -> Int32 {
      try Self.special(name, tokenizer, vocabularySize: vocabularySize)
    }
    turnStart = try special(Self.names[0])
    turnEnd = try special(Self.names[1])
    visionStart = try special(markers.start)
    visionEnd = try special(markers.end)
  }

  /// The id of a special token.
  ///
  /// - Throws: `model.special-token` when the vocabulary lacks it.
  static func special(
    _ name: String, _ tokenizer: Tokenizer, vocabularySize: Int
  ) throws(Failure) -> Int32 {
    guard let id = tokenizer.id(ofSpecial: name), id >= 0, Int(id) < vocabularySize else {
      throw Failure(
        .modelUnusable, code: .modelSpecialToken,
        "the model's tokenizer has no usable token \(name)",
        remedy: "Use the tokenizer files that came with the weights.")
    }
    return id
  }

  /// Writes the beginning of a turn.
  func begin(_ role: String, to writer: inout PromptWriter) {
    writer.special(turnStart)
    writer.text(role + "\n")
  }

  /// Writes the end of a turn.
  func end(to writer: inout PromptWriter) {
    writer.special(turnEnd)
    writer.text("\n")
  }

  /// Writes a whole turn of text.
  func turn(_ role: String, _ text: String, to writer: inout PromptWriter) {
    begin(role, to: &writer)
    writer.text(text)
    end(to: &writer)
  }

  /// Writes the rest of the user's turn, whose images and videos are written, the turns that follow, and the
  /// beginning of the assistant's turn.
  func ask(_ question: Question, to writer: inout PromptWriter) {
    for turn in question.turns {
      writer.text(turn.question)
      end(to: &writer)
      self.turn("assistant", turn.answer, to: &writer)
      begin("user", to: &writer)
    }
    writer.text(question.text)
    end(to: &writer)
    begin("assistant", to: &writer)
  }

  /// Writes a run of visual tokens between its markers.
  ///
  /// - Parameter place: adds the positions of all the run's tokens.
  func run(
    _ segments: [Segment], placeholder: Int32, to writer: inout PromptWriter,
    place: (inout TokenPositions) -> Void
  ) {
    beginVisual(to: &writer)
    writer.run(segments, placeholder: placeholder, place: place)
    endVisual(to: &writer)
  }

  /// Writes the marker before visual tokens.
  func beginVisual(to writer: inout PromptWriter) { writer.special(visionStart) }

  /// Writes the marker after visual tokens.
  func endVisual(to writer: inout PromptWriter) { writer.special(visionEnd) }
}
