/// What a row's score is made of; higher is more informative.
public enum ScoreKind: String, Sendable, Codable {
  /// Attention received from all rows: mean over heads and queries of the softmax column (the
  /// paper, eq. 3).
  case received
  /// Mean over heads of the log-sum-exp of the row's own logits (what FlashAttention returns).
  case logSumExp
  /// Attention of the last prompt token, mean over heads.
  case lastQuery
  /// Attention of all prompt tokens behind the last visual one, mean over heads and those tokens.
  case question
}
