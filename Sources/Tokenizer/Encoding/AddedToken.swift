/// A token that stands beside the vocabulary, such as `<|im_end|>`.
public struct AddedToken: Sendable, Equatable {
  /// The text the token stands for.
  public let content: String
  /// Its id.
  public let id: Int32
  /// Whether decoding leaves it out on demand; `<tool_call>`, for example, is always written.
  public let isSpecial: Bool
}
