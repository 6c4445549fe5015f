/// What a group's score is, made from its patches' where attention scores patches.
public enum GroupScore: String, Sendable, Codable, CaseIterable {
  /// Their mean.
  case mean
  /// The highest of them: one patch that matters saves its group.
  case max

  /// Brings patch scores to groups.
  ///
  /// - Parameters:
  ///   - patchScores: `[groups · groupSize]`, or empty.
  /// - Returns: `[groups]`, or empty.
  func pool(_ patchScores: [Float], groupSize: Int) -> [Float] {
    (0..<patchScores.count / groupSize).map { group in
      let own = patchScores[group * groupSize..<(group + 1) * groupSize]
      switch self {
      case .mean: return own.reduce(0, +) / Float(groupSize)
      case .max: return own.max() ?? 0
      }
    }
  }
}
