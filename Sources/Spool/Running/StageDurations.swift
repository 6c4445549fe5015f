import WorkerProtocol

/// The durations of the stages of jobs on this machine, for estimates.
struct StageDurations {
  static let stages = ["loading", "media", "vision", "prefill", "decode"]
  /// Seconds per stage; recent jobs have more weight.
  private(set) var seconds: [String: Double] = [:]

  /// Adds the durations of a job.
  mutating func add(_ latest: [String: Double]) {
    // A worker's numbers are not trusted: none of them may make the estimate infinite or NaN.
    for stage in Self.stages {
      guard let value = latest[stage], value.isFinite else { continue }
      let sane = min(1e9, max(0, value))
      seconds[stage] = seconds[stage].map { $0 * 0.7 + sane * 0.3 } ?? sane
    }
  }

  /// Estimated seconds until a job with this progress is answered; `nil` before any job was.
  func remaining(_ progress: WorkerProgress) -> Double? {
    guard let index = Self.stages.firstIndex(of: progress.stage), !seconds.isEmpty else {
      return nil
    }
    func sum(_ stages: some Sequence<String>) -> Double {
      stages.reduce(0) { $0 + (seconds[$1] ?? 0) }
    }
    let current = (seconds[progress.stage] ?? 0) * (1 - min(1, max(0, progress.share)))
    let behind = sum(Self.stages.dropFirst(index + 1))
    // The model is loaded once; all other stages run for every question.
    let more = max(0, Double(progress.prompts) - Double(progress.prompt) - 1)
    return current + behind + more * sum(Self.stages.dropFirst())
  }
}
