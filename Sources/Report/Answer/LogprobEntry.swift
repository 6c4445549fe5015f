import Engine

extension AnswerDocument {
  /// A token of an answer and the model's own probabilities at its place.
  struct LogprobEntry: Sendable, Codable {
    /// A token that was possible.
    struct Alternative: Sendable, Codable {
      let token: Int32
      let text: String
      let logprob: Double
    }

    let token: Int32
    /// The token's text; bytes that are no character by themselves are U+FFFD.
    let text: String
    /// The natural logarithm of its probability; left out where the form of the answer left no choice.
    let logprob: Double?
    let top: [Alternative]

    init(_ entry: TokenLogprob) {
      token = entry.token
      text = entry.text
      logprob = entry.logprob.flatMap { $0.isFinite ? Double($0) : nil }
      top = entry.top.compactMap {
        $0.logprob.isFinite
          ? Alternative(token: $0.token, text: $0.text, logprob: Double($0.logprob)) : nil
      }
    }
  }
}
