import Options

extension VisionChoice {
  /// The selection that makes this choice.
  public var selection: any Selection {
    switch self {
    case .attention: AttentionSelection(attentionScore: .received)
    case .lse: AttentionSelection(attentionScore: .logSumExp)
    case .distinct: DistinctSelection()
    case .diverse: DiverseSelection()
    case .bipartite: BipartiteSelection()
    case .random: RandomSelection()
    }
  }
}

extension TextChoice {
  /// The selection that makes this choice.
  public var selection: any Selection {
    switch self {
    case .attention: AttentionSelection(attentionScore: .lastQuery)
    case .question: AttentionSelection(attentionScore: .question)
    case .distinct: DistinctSelection()
    case .random: RandomSelection()
    }
  }
}
