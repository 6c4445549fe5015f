import Options

/// A key of `illavad.toml`: its place, its valid values, and the setting that it changes.
struct SettingKey: Sendable {
  /// The table; empty for the top level.
  let table: String
  /// The name within the table.
  let name: String
  /// The valid values.
  let rule: ValueRule
  /// Changes the settings to a valid value.
  let set: @Sendable (inout Settings, ValueRule.Value) -> Void

  /// `table.name`.
  var fullName: String { table.isEmpty ? name : "\(table).\(name)" }

  private static let spans = ValueRule.duration(0...315_360_000)
  private static let someTime = ValueRule.duration(0.01...31_536_000)

  /// All keys, in the order of the commented file.
  static let all: [SettingKey] = [
    text("model", "path", \.model),
    choice("model", "weights", [""] + WeightPrecision.allCases.map(\.rawValue)) { $0.weights = $1 },
    integer("model", "threads", 0...1024, \.threads),

    time("inbox", "stability", someTime, \.stability),
    time("inbox", "rescan", someTime, \.rescan),
    time("inbox", "poll", someTime, \.poll),
    time("inbox", "patience", spans, \.patience),
    choice("inbox", "duplicates", Settings.Duplicates.allCases.map(\.rawValue)) {
      $0.duplicates = Settings.Duplicates(rawValue: $1) ?? .run
    },
    flag("inbox", "needs_sidecar", \.needsSidecar),
    SettingKey(table: "inbox", name: "ignore", rule: .patterns) {
      if case .texts(let texts) = $1 { $0.ignore = texts }
    },

    SettingKey(table: "defaults", name: "prompts", rule: .texts) {
      if case .texts(let texts) = $1 { $0.prompts = texts.map { QuestionText.question($0) ?? "" } }
    },
    integer("defaults", "priority", -100...100, \.priority),

    integer("running", "workers", 1...64, \.workers),
    amount("running", "memory_budget", \.memoryBudget),
    time("running", "deadline", someTime, \.deadline),
    time("running", "deadline_per_mib", spans, \.deadlinePerMiB),
    time("running", "deadline_max", someTime, \.deadlineMax),
    time("running", "stall", someTime, \.stall),
    integer("running", "max_attempts", 1...1000, \.maxAttempts),
    time("running", "retry_first", someTime, \.retryFirst),
    time("running", "retry_max", someTime, \.retryMax),
    time("running", "idle_unload", spans, \.idleUnload),
    time("running", "stop_grace", spans, \.stopGrace),
    time("running", "ageing", someTime, \.ageing),

    choice("outbox", "after_done", Settings.AfterDone.allCases.map(\.rawValue)) {
      $0.afterDone = Settings.AfterDone(rawValue: $1) ?? .delete
    },
    choice("outbox", "visualize", Visualization.allCases.map(\.rawValue)) { $0.visualize = $1 },
    flag("outbox", "flat", \.flat),
    SettingKey(table: "outbox", name: "command", rule: .texts) {
      if case .texts(let texts) = $1 { $0.command = texts }
    },
    time("outbox", "keep_done", spans, \.keepDone),
    time("outbox", "keep_failed", spans, \.keepFailed),
    amount("outbox", "keep_bytes", \.keepBytes),
    time("outbox", "keep_history", spans, \.keepHistory),

    amount("limits", "disk_floor", \.diskFloor),
    amount("limits", "job_file", \.jobFileBytes),
    amount("limits", "largest_medium", \.largestMedium),
    integer("limits", "video_gigapixels", 1...1_000_000, \.videoGigapixels),
    integer("limits", "animation_gigapixels", 1...1_000_000, \.animationGigapixels),

    text("metrics", "file", \.metricsFile),
  ]

  private static func text(
    _ table: String, _ name: String, _ path: any WritableKeyPath<Settings, String> & Sendable
  ) -> SettingKey {
    SettingKey(table: table, name: name, rule: .plain(.text)) {
      if case .plain(.text(let text)) = $1 { $0[keyPath: path] = text }
    }
  }

  private static func choice(
    _ table: String, _ name: String, _ names: [String],
    _ set: @escaping @Sendable (inout Settings, String) -> Void
  ) -> SettingKey {
    SettingKey(table: table, name: name, rule: .plain(.choice(names))) {
      if case .plain(.text(let text)) = $1 { set(&$0, text) }
    }
  }

  private static func integer(
    _ table: String, _ name: String, _ range: ClosedRange<Int>,
    _ path: any WritableKeyPath<Settings, Int> & Sendable
  ) -> SettingKey {
    SettingKey(table: table, name: name, rule: .plain(.integer(range))) {
      if case .plain(.integer(let number)) = $1 { $0[keyPath: path] = number }
    }
  }

  private static func time(
    _ table: String, _ name: String, _ rule: ValueRule,
    _ path: any WritableKeyPath<Settings, Double> & Sendable
  ) -> SettingKey {
    SettingKey(table: table, name: name, rule: rule) {
      if case .seconds(let seconds) = $1 { $0[keyPath: path] = seconds }
    }
  }

  private static func amount(
    _ table: String, _ name: String, _ path: any WritableKeyPath<Settings, Int> & Sendable
  ) -> SettingKey {
    SettingKey(table: table, name: name, rule: .bytes) {
      if case .bytes(let bytes) = $1 { $0[keyPath: path] = bytes }
    }
  }

  private static func flag(
    _ table: String, _ name: String, _ path: any WritableKeyPath<Settings, Bool> & Sendable
  ) -> SettingKey {
    SettingKey(table: table, name: name, rule: .plain(.flag)) {
      if case .plain(.flag(let flag)) = $1 { $0[keyPath: path] = flag }
    }
  }
}
