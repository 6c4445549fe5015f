import Compute
import Merging

extension ScoreKind {
  /// The score that the attention kernel computes for this kind.
  ///
  /// - Parameter questionRows: the number of rows after the last visual token.
  func attentionScore(questionRows: Int = 1) -> Attention.Score {
    switch self {
    case .received: .received
    case .logSumExp: .logSumExp
    case .lastQuery: .lastQueries(1)
    case .question: .lastQueries(questionRows)
    }
  }
}
