import Options

extension Retention {
  /// Rows kept of `count` in the ViT: `round(count · r)`, halves to even, at least one.
  public func keptInVision(of count: Int) -> Int {
    switch self {
    case .share(let share):
      clamp(Int((Double(count) * share).rounded(.toNearestOrEven)), to: count)
    case .removed(let removed): clamp(count - removed, to: count)
    }
  }

  /// Rows kept of `count` in the LLM: `count − round(count · (1 − r))`, halves to even, at least one.
  public func keptInText(of count: Int) -> Int {
    switch self {
    case .share(let share):
      clamp(count - Int((Double(count) * (1 - share)).rounded(.toNearestOrEven)), to: count)
    case .removed(let removed): clamp(count - removed, to: count)
    }
  }

  private func clamp(_ kept: Int, to count: Int) -> Int { min(max(1, kept), count) }
}
