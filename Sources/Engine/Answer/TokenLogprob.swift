/// A token of an answer and the model's own probabilities at its place, before temperature, penalties and
/// the form of the answer.
public struct TokenLogprob: Sendable, Equatable {
  /// A token that was possible.
  public struct Alternative: Sendable, Equatable {
    /// Its id.
    public let token: Int32
    /// Its text; bytes that are no character by themselves are U+FFFD.
    public let text: String
    /// The natural logarithm of its probability.
    public let logprob: Float
  }

  /// The token's id.
  public let token: Int32
  /// Its text; bytes that are no character by themselves are U+FFFD.
  public let text: String
  /// The natural logarithm of its probability; `nil` where the form left no choice and the model was not
  /// asked.
  public let logprob: Float?
  /// The likeliest tokens at its place, the likeliest first; as many as were asked for.
  public let top: [Alternative]
}
