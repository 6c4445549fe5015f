/// Turns text into token ids; there is one type for each kind of tokenizer.
protocol TextEncoder: Sendable {
  /// Appends the ids of a text, which is never searched for special tokens.
  ///
  /// - Parameters:
  ///   - text: well-formed UTF-8.
  ///   - isBeginning: whether nothing comes before it in the prompt.
  func append(_ text: [UInt8], isBeginning: Bool, to ids: inout [Int32])
}
