/// Says in the log which files are left alone: each once, and many in one line.
struct LeftAloneNews {
  /// Milliseconds between two lines, because a copy of many files takes long.
  private static let interval = 60_000

  private var told: Set<BytePath> = []
  private var waiting: [LeftAlone.Reason: (count: Int, first: LeftAlone.File)] = [:]
  private var lastTime: Int?

  /// Whether a file was noted already.
  func has(_ path: BytePath) -> Bool { told.contains(path) }

  /// Notes a file, unless it was noted already.
  mutating func note(_ file: LeftAlone.File, _ reason: LeftAlone.Reason) {
    guard told.insert(file.path).inserted else { return }
    waiting[reason] = ((waiting[reason]?.count ?? 0) + 1, waiting[reason]?.first ?? file)
  }

  /// Forgets files that are gone.
  mutating func forget(where isGone: (BytePath) -> Bool) { told = told.filter { !isGone($0) } }

  /// Forgets a file that is gone.
  mutating func forget(_ path: BytePath) { told.remove(path) }

  /// The lines to log now.
  ///
  /// - Returns: also after how many milliseconds there will be more; `nil` where there is no more.
  mutating func lines(now: Int) -> (lines: [(LogLevel, String)], again: Int?) {
    guard !waiting.isEmpty else { return ([], nil) }
    if let lastTime, now - lastTime < Self.interval {
      return ([], lastTime + Self.interval - now)
    }
    lastTime = now
    defer { waiting = [:] }
    return (
      LeftAlone.Reason.allCases.compactMap { reason in
        guard let (count, first) = waiting[reason] else { return nil }
        let example = "inbox/\(first.path) \(first.words)"
        let text =
          count == 1
          ? example + ": it is left alone"
          : "\(count) files are left alone, such as this: \(example)"
        // Somebody may wait for an answer to a question that is about nothing.
        return (reason == .unmatched ? .notice : .info, text)
      }, nil
    )
  }
}
