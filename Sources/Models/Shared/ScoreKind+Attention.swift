import Compute
import Merging

extension ScoreKind {
  /// What attention has to report for this score.
  ///
  /// - Parameter questionRows: the rows behind the last visual token.
  func attentionScore(questionRows: Int = 1) -> Attention.Score {
    switch self {
    case .received: .received
    case .logSumExp: .logSumExp
    case .lastQuery: .lastQueries(1)
    case .question: .lastQueries(questionRows)
    }
  }
}
