import WorkerProtocol

/// How long the stages of jobs take on this machine, for estimates.
struct StageDurations {
  static let stages = ["loading", "media", "vision", "prefill", "decode"]
  /// Seconds per stage, the latest jobs counting most.
  private(set) var seconds: [String: Double] = [:]

  /// Takes in how long a job took.
  mutating func add(_ latest: [String: Double]) {
    for (stage, value) in latest where value.isFinite {
      seconds[stage] = seconds[stage].map { $0 * 0.7 + value * 0.3 } ?? value
    }
  }

  /// Seconds until a job that is so far will be answered; `nil` while no job was.
  func remaining(_ progress: WorkerProgress) -> Double? {
    guard let index = Self.stages.firstIndex(of: progress.stage), !seconds.isEmpty else {
      return nil
    }
    func sum(_ stages: some Sequence<String>) -> Double {
      stages.reduce(0) { $0 + (seconds[$1] ?? 0) }
    }
    let current = (seconds[progress.stage] ?? 0) * (1 - min(1, max(0, progress.share)))
    let behind = sum(Self.stages.dropFirst(index + 1))
    // The model is loaded once, all else is done for every question.
    let more = Double(max(0, progress.prompts - progress.prompt - 1))
    return current + behind + more * sum(Self.stages.dropFirst())
  }
}
