import GRDB
import WorkerProtocol

extension JobStore {
  /// An ended job, with the columns that cleaning needs.
  struct Ended: Sendable, Equatable {
    var id: String
    var state: JobState
    /// When its state last changed, in milliseconds since 1970.
    var updated: Int
  }

  /// Ended jobs, ordered by the time they ended.
  ///
  /// - Parameters:
  ///   - states: final states.
  ///   - cutoff: only jobs that ended before this time, in milliseconds since 1970.
  ///   - cleaned: only jobs whose folders were cleaned away, or only the others; `nil` for both.
  ///   - last: only jobs after this one.
  func ended(
    in states: [JobState], before cutoff: Int, cleaned: Bool? = nil, after last: Ended? = nil,
    limit: Int = -1
  ) throws -> [Ended] {
    try read { db in
      var jobs: [Ended] = []
      let isCleaned = cleaned.map { "AND cleaned = \($0 ? 1 : 0)" } ?? ""
      for state in states where state.isFinal {
        let rows = try Row.fetchAll(
          db,
          sql: """
            SELECT id, updated FROM jobs WHERE state = ? AND updated < ? AND (updated, id) > (?, ?)
            \(isCleaned) ORDER BY updated, id LIMIT ?
            """,
          arguments: [state.rawValue, cutoff, last?.updated ?? .min, last?.id ?? "", limit])
        jobs += rows.compactMap { row in
          guard let id: String = row.value("id") else { return nil }
          return Ended(id: id, state: state, updated: row.value("updated") ?? 0)
        }
      }
      jobs.sort { ($0.updated, $0.id) < ($1.updated, $1.id) }
      return limit < 0 ? jobs : Array(jobs.prefix(limit))
    }
  }

  /// Removes jobs with their attempts and history, except those that have not ended.
  ///
  /// - Returns: the number of jobs removed.
  func forget(_ ids: [String]) throws -> Int {
    guard !ids.isEmpty else { return 0 }
    return try write("store.forgotten") { db in
      var count = 0
      for id in ids {
        let isFinal = try Bool.fetchOne(
          db,
          sql: """
            SELECT EXISTS (SELECT 1 FROM jobs
              WHERE id = ? AND state IN ('done', 'failed', 'cancelled'))
            """, arguments: [id])
        guard isFinal == true else { continue }
        try db.execute(
          sql: """
            INSERT INTO forgotten_attempts
            SELECT ending, count(*) FROM attempts WHERE job = ? AND ending IS NOT NULL GROUP BY ending
            ON CONFLICT (ending) DO UPDATE SET number = min(number, 1 << 52) + excluded.number
            """, arguments: [id])
        Self.removeWords(db, of: id)
        // Attempts and events are removed with the row (ON DELETE CASCADE).
        try db.execute(sql: "DELETE FROM jobs WHERE id = ?", arguments: [id])
        count += db.changesCount > 0 ? 1 : 0
      }
      return count
    }
  }
}
