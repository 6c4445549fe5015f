/// How attention scores a row; a higher score is more informative.
public enum ScoreKind: String, Sendable, Codable {
  /// Attention received from all rows: the softmax column's mean over heads and queries (iLLaVA, arXiv
  /// 2412.06263, eq. 3).
  case received
  /// The log-sum-exp of the row's own logits, mean over heads (what FlashAttention returns).
  case logSumExp
  /// Attention paid by the last prompt token, mean over heads.
  case lastQuery
  /// Attention paid by all prompt tokens after the last visual one, mean over heads and those tokens.
  case question
}
