import Diagnostics
import Tokenizer

/// Writes a prompt as ids. Text between special tokens is encoded as a whole, as in the reference
/// implementation, and is never searched for special tokens.
public struct PromptWriter {
  private let tokenizer: Tokenizer
  private let shape: TextShape
  private var prompt: Prompt
  private var pending = ""

  /// A writer for a language model.
  ///
  /// - Parameter axes: the numbers in a token's position.
  public init(_ tokenizer: Tokenizer, _ shape: TextShape, axes: Int) {
    self.tokenizer = tokenizer
    self.shape = shape
    prompt = Prompt(axes: axes)
    prompt.append(tokenizer.beginning)
  }

  /// Adds text.
  public mutating func text(_ text: String) { pending += text }

  /// Adds a special token.
  public mutating func special(_ id: Int32) {
    flush()
    prompt.append([id])
  }

  /// Says that the answer begins inside a thought.
  mutating func openThought() { prompt.opensThought = true }

  /// Adds the placeholders of a run of views, at consecutive positions like text.
  ///
  /// - Parameter packing: how its tokens are made of those of the views; `nil` where they are the same.
  public mutating func run(
    _ segments: [Segment], packing: RunPacking? = nil, placeholder: Int32
  ) {
    flush()
    let count = packing?.tokens ?? segments.reduce(0) { $0 + $1.grid.groups }
    prompt.append(segments, packing: packing, placeholder: placeholder) { $0.appendText(count) }
  }

  /// Adds the placeholders of a run of views.
  ///
  /// - Parameter place: adds the positions of all the run's tokens.
  public mutating func run(
    _ segments: [Segment], placeholder: Int32, place: (inout TokenPositions) -> Void
  ) {
    flush()
    prompt.append(segments, placeholder: placeholder, place: place)
  }

  /// The finished prompt.
  ///
  /// - Throws: `model.vocabulary` for ids that the model does not have, `prompt.too-long`.
  public mutating func finish() throws(Failure) -> Prompt {
    flush()
    guard prompt.ids.allSatisfy({ $0 >= 0 && Int($0) < shape.vocabularySize }) else {
      throw Failure(
        .modelUnusable, code: .modelVocabulary,
        "the tokenizer gives ids beyond the model's vocabulary of \(shape.vocabularySize)",
        remedy: "Use the tokenizer files that came with the weights.")
    }
    guard prompt.ids.count <= shape.maxPositions else {
      throw Failure(
        .badInput, code: .promptTooLong,
        "the question has \(prompt.ids.count) tokens, the model takes at most "
          + "\(shape.maxPositions)",
        remedy: "Use fewer or smaller pictures, fewer frames, or a shorter text.")
    }
    return prompt
  }

  private mutating func flush() {
    let isBeginning = prompt.ids.count == tokenizer.beginning.count
    if !pending.isEmpty { prompt.append(tokenizer.encode(pending, isBeginning: isBeginning)) }
    pending = ""
  }
}
