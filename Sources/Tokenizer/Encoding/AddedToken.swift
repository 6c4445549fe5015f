/// A token added to the vocabulary, such as `<|im_end|>`.
public struct AddedToken: Sendable, Equatable {
  /// The text of the token.
  public let content: String
  /// Its id.
  public let id: Int32
  /// Whether decoding can leave it out; `<tool_call>`, for example, is always written.
  public let isSpecial: Bool
}
