import Compute
import Merging

extension ScoreKind {
  /// What attention has to report for this score.
  var attentionScore: Attention.Score {
    switch self {
    case .received: .received
    case .logSumExp: .logSumExp
    case .lastQuery: .lastQuery
    }
  }
}
