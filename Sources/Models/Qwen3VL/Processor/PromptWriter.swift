import Tokenizer

/// Writes a prompt as ids. Text between special tokens is encoded in one piece, as the reference
/// does, and never searched for special tokens itself.
struct PromptWriter {
  private let tokenizer: Tokenizer
  private var prompt = AssembledPrompt()
  private var pending = ""

  init(_ tokenizer: Tokenizer) { self.tokenizer = tokenizer }

  mutating func text(_ text: String) { pending += text }

  mutating func special(_ id: Int32) {
    flush()
    prompt.append([id])
  }

  mutating func visual(_ segment: VisionSegment, placeholder: Int32) {
    flush()
    prompt.append(segment, placeholder: placeholder)
  }

  mutating func finish() -> AssembledPrompt {
    flush()
    return prompt
  }

  private mutating func flush() {
    if !pending.isEmpty { prompt.append(tokenizer.encode(pending)) }
    pending = ""
  }
}
