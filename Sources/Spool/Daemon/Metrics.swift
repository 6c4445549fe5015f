import Diagnostics
import WorkerProtocol

/// Metrics of the spool in Prometheus' text format (exposition format 0.0.4).
struct Metrics {
  /// The whole text.
  private(set) var text = ""

  init(spooler: Spooler) throws {
    try addJobs(spooler)
    if let summary = spooler.dispatcher.lastSummary { addAnswer(summary) }
    try addDaemon(spooler)
  }

  /// Adds the values of one metric, each with its labels.
  private mutating func family(
    _ name: String, _ type: String, _ help: String, _ lines: [(String, Double)]
  ) {
    text += "# HELP \(name) \(help)\n# TYPE \(name) \(type)\n"
    for (labels, value) in lines {
      let number = value == value.rounded() && abs(value) < 1e15 ? "\(Int(value))" : "\(value)"
      text += "\(name)\(labels.isEmpty ? "" : "{\(labels)}") \(number)\n"
    }
  }

  /// The numbers of jobs by state and by end.
  private mutating func addJobs(_ spooler: Spooler) throws {
    let store = spooler.store
    let counts = try store.counts()
    family(
      "illava_jobs", "gauge", "Jobs by state.",
      JobState.allCases.map { ("state=\"\($0.rawValue)\"", Double(counts[$0] ?? 0)) })
    let endings = try store.endings()
    family(
      "illava_attempts_total", "counter", "Attempts by how they ended.",
      Attempt.Ending.allCases.map { ("ending=\"\($0.rawValue)\"", Double(endings[$0] ?? 0)) })
    family(
      "illava_jobs_with_warnings", "gauge", "Jobs that were answered with warnings.",
      [("", Double(try store.warned() ?? 0))])
    let oldest = try store.oldestWaiting().map { spooler.clock.wall().subtractingClamped($0) } ?? 0
    family(
      "illava_oldest_waiting_seconds", "gauge", "Age of the oldest job that waits.",
      [("", Double(max(0, oldest)) / 1000)])
    family(
      "illava_stage_seconds", "gauge", "Seconds per stage, a moving average over answered jobs.",
      StageDurations.stages.map {
        ("stage=\"\($0)\"", spooler.dispatcher.durations.seconds[$0] ?? 0)
      })
  }

  /// The seconds and the memory of the last answered job.
  private mutating func addAnswer(_ summary: WorkerSummary) {
    family(
      "illava_visual_tokens", "gauge", "Visual tokens of the last answered job.",
      [
        ("when=\"before\"", Double(summary.visualTokens)),
        ("when=\"after\"", Double(summary.visualTokensLeft)),
      ])
    let share = Double(summary.visualTokensLeft) / Double(max(1, summary.visualTokens))
    family(
      "illava_retention", "gauge", "Share of visual tokens that the last answered job kept.",
      [("", summary.visualTokens == 0 ? 1 : share)])
    family(
      "illava_worker_peak_bytes", "gauge", "The most memory the last answered job needed.",
      [("", Double(summary.peakMemory))])
    family(
      "illava_worker_predicted_bytes", "gauge",
      "The most memory the last answered job was expected to need.",
      [("", Double(summary.predictedMemory ?? 0))])
    family(
      "illava_adaptations", "gauge",
      "What the last answered job gave up to fit into memory, in number.",
      [("", Double(summary.adaptations?.count ?? 0))])
  }

  /// The daemon's status.
  private mutating func addDaemon(_ spooler: Spooler) throws {
    family(
      "illava_memory_ratio", "gauge", "Memory measured divided by memory predicted, by model.",
      try spooler.store.memoryRatios().sorted { $0.key < $1.key }.map {
        ("model=\"\(Self.escaped($0.key))\"", $0.value)
      })
    let live = try spooler.live()
    family(
      "illava_paused", "gauge", "Whether a person paused the queue.", [("", live.isPaused ? 1 : 0)])
    family(
      "illava_hindered", "gauge", "Whether something keeps jobs from being begun.",
      [("", live.obstacle == nil ? 0 : 1)])
    family("illava_running", "gauge", "Jobs that workers have.", [("", Double(live.running.count))])
    family("illava_daemon_bytes", "gauge", "Memory the daemon holds.", [("", Double(live.memory))])
    family(
      "illava_left_alone", "gauge", "Files of the inbox that are no jobs, by reason.",
      LeftAlone.Reason.allCases.map {
        ("reason=\"\($0.rawValue)\"", Double(live.leftAlone?.reasons[$0.rawValue] ?? 0))
      })
    family(
      "illava_free_bytes", "gauge", "Space left on the disk of the spool.",
      [("", Double(live.freeBytes))])
  }

  /// A label's value with backslashes, quotes and line feeds escaped.
  private static func escaped(_ value: String) -> String {
    value.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
  }
}
