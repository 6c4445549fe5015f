import Compute
import Merging

extension ScoreKind {
  /// The score that the attention kernel computes for this kind.
  ///
  /// - Parameters:
  ///   - questionRows: the number of rows after the last visual token.
  ///   - sumsQueries: whether the attention that a row receives is added up over queries, because rows
  ///     are scored that different numbers of queries attend to.
  func attentionScore(questionRows: Int = 1, sumsQueries: Bool = false) -> Attention.Score {
    switch self {
    case .received: sumsQueries ? .receivedSum : .received
    case .logSumExp: .logSumExp
    case .lastQuery: .lastQueries(1)
    case .question: .lastQueries(questionRows)
    }
  }
}
