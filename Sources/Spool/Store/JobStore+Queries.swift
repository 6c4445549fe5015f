import Diagnostics
import GRDB
import WorkerProtocol

extension JobStore {
  /// A job by its full id.
  public func job(_ id: String) throws -> Job? {
    try read { db in
      try Row.fetchOne(db, sql: "SELECT * FROM jobs WHERE id = ?", arguments: [id])
        .map { try Job(row: $0) }
    }
  }

  /// The jobs of rows; a row too damaged to be a job is reported and left out.
  func readable(_ rows: [Row]) -> [Job] {
    rows.compactMap { row in
      do throws(Failure) {
        return try Job(row: row)
      } catch {
        tell(error.message)
        return nil
      }
    }
  }

  /// Reports damage, each only once.
  func tell(_ text: String) { if told.insert(text).inserted { report(text) } }

  /// The ids with this beginning, the latest first.
  public func ids(prefix: String, limit: Int = 20) throws -> [String] {
    // A range of the primary key, because LIKE would interpret % and _.
    try read { db in
      try String.fetchAll(
        db, sql: "SELECT id FROM jobs WHERE id >= ? AND id < ? ORDER BY id DESC LIMIT ?",
        arguments: [prefix, prefix + "~", limit])
    }
  }

  /// The ids of jobs with this name, the latest first.
  public func ids(name: BytePath, limit: Int = 20) throws -> [String] {
    try read { db in
      try String.fetchAll(
        db, sql: "SELECT id FROM jobs WHERE name = ? ORDER BY id DESC LIMIT ?",
        arguments: [name.blob, limit])
    }
  }

  /// The greatest id.
  public func latestID() throws -> String? {
    try read { try String.fetchOne($0, sql: "SELECT max(id) FROM jobs") }
  }

  /// Jobs in some states, by age.
  ///
  /// - Parameters:
  ///   - newestFirst: whether the latest come first.
  ///   - limit: the most jobs; -1 for all.
  ///   - last: only jobs after this one in the order; `nil` for all.
  public func jobs(
    in states: [JobState], newestFirst: Bool = false, limit: Int = -1, after last: String? = nil
  ) throws -> [Job] {
    let order = "ORDER BY id \(newestFirst ? "DESC" : "ASC") LIMIT \(limit)"
    let isAll = Set(states).count == JobState.allCases.count
    let behind = last == nil ? "" : "id \(newestFirst ? "<" : ">") ?"
    let inStates = isAll ? "" : "state IN (\(Self.marks(states.count)))"
    let both = [inStates, behind].filter { !$0.isEmpty }.joined(separator: " AND ")
    let condition = both.isEmpty ? "" : "WHERE \(both)"
    return try read { db in
      // For a few states, ids are sorted from an index, not whole rows.
      let rows = try Row.fetchAll(
        db,
        sql: isAll
          ? "SELECT * FROM jobs \(condition) \(order)"
          : "SELECT * FROM jobs WHERE id IN (SELECT id FROM jobs \(condition) \(order)) \(order)",
        arguments: StatementArguments(
          (isAll ? [] : states.map(\.rawValue)) + (last.map { [$0] } ?? []))
      )
      return readable(rows)
    }
  }

  /// The jobs whose state changed last, the latest first.
  public func lastChanged(in states: [JobState], limit: Int) throws -> [Job] {
    try read { db in
      // A few rows from the index of each state, because one ORDER BY over all states would sort all
      // rows.
      var jobs: [Job] = []
      for state in states {
        jobs += readable(
          try Row.fetchAll(
            db, sql: "SELECT * FROM jobs WHERE state = ? ORDER BY updated DESC LIMIT ?",
            arguments: [state.rawValue, limit]))
      }
      return Array(jobs.sorted { ($0.updated, $0.id) > ($1.updated, $1.id) }.prefix(limit))
    }
  }

  /// The ids of all jobs in some states.
  func ids(in states: [JobState]) throws -> [String] {
    try read { db in
      try String.fetchAll(
        db, sql: "SELECT id FROM jobs WHERE state IN (\(Self.marks(states.count))) ORDER BY id",
        arguments: StatementArguments(states.map(\.rawValue)))
    }
  }

  /// The number of jobs in each state.
  public func counts() throws -> [JobState: Int] {
    try read { db in
      var counts: [JobState: Int] = [:]
      for row in try Row.fetchAll(db, sql: "SELECT state, count(*) AS n FROM jobs GROUP BY state") {
        let name: String? = row.value("state")
        if let state = name.flatMap(JobState.init(rawValue:)) { counts[state] = row.value("n") }
      }
      return counts
    }
  }

  /// The next job to start; `nil` if none may start yet.
  ///
  /// - Parameter ids: jobs to skip.
  func next(now: Int, except ids: [String] = []) throws -> Job? {
    try read { db in
      // One index lookup per state, because one ORDER BY over all states would sort the queue.
      var best: Row?
      for state in JobState.allCases where state.isWaiting {
        let others = ids.isEmpty ? "" : "AND id NOT IN (\(Self.marks(ids.count)))"
        let row = try Row.fetchOne(
          db,
          sql: """
            SELECT * FROM jobs WHERE state = ? AND not_before <= ? \(others) ORDER BY rank LIMIT 1
            """, arguments: [state.rawValue, now] + StatementArguments(ids))
        guard let row else { continue }
        let (known, own) = (best?.value("rank") ?? Int.max, row.value("rank") ?? Int.max)
        if best != nil, known <= own { continue }
        best = row
      }
      return try best.map { try Job(row: $0) }
    }
  }

  /// When the next waiting job may start, in milliseconds since 1970.
  func nextTime() throws -> Int? {
    try read { db in
      try Int.fetchOne(
        db, sql: "SELECT min(not_before) FROM jobs WHERE state IN ('retrying', 'waiting-memory')")
    }
  }

  /// The number of jobs that were answered with warnings; `nil` in a store that its daemon has not
  /// updated yet.
  public func warned() throws -> Int? {
    try read { db in
      guard try db.columns(in: "jobs").contains(where: { $0.name == "warnings" }) else {
        return nil
      }
      return try Int.fetchOne(db, sql: "SELECT count(*) FROM jobs WHERE warnings > 0")
    }
  }

  /// The earliest time at which a waiting job was claimed.
  public func oldestWaiting() throws -> Int? {
    try read { db in
      try Int.fetchOne(
        db,
        sql: """
          SELECT min(created) FROM jobs WHERE state IN ('queued', 'retrying', 'waiting-memory')
          """)
    }
  }

  /// Answered jobs with the same content whose answers were not removed: first those that were computed,
  /// the latest first.
  func answered(content: String, limit: Int = 8) throws -> [Job] {
    try read { db in
      try ["IS NULL", "IS NOT NULL"].flatMap { isOriginal in
        try Row.fetchAll(
          db,
          sql: """
            SELECT * FROM jobs WHERE content = ? AND state = 'done' AND cleaned = 0
            AND duplicate_of \(isOriginal) ORDER BY id DESC LIMIT ?
            """, arguments: [content, limit]
        ).map { try Job(row: $0) }
      }
    }
  }

  /// The attempts at a job.
  public func attempts(of id: String) throws -> [Attempt] {
    try read { db in
      try Row.fetchAll(
        db, sql: "SELECT * FROM attempts WHERE job = ? ORDER BY number", arguments: [id]
      ).map { Attempt(row: $0) }
    }
  }

  /// The number of attempts for each way of ending.
  public func endings() throws -> [Attempt.Ending: Int] {
    try read { db in
      var counts: [Attempt.Ending: Int] = [:]
      let sql =
        "SELECT ending, count(*) AS n FROM attempts WHERE ending IS NOT NULL GROUP BY ending"
      let forgotten = "SELECT ending, number AS n FROM forgotten_attempts"
      for row in try Row.fetchAll(db, sql: "\(sql) UNION ALL \(forgotten)") {
        let name: String? = row.value("ending")
        guard let ending = name.flatMap(Attempt.Ending.init(rawValue:)) else { continue }
        counts[ending] = (counts[ending] ?? 0).addingClamped(max(0, row.value("n") ?? 0))
      }
      return counts
    }
  }

  /// The history of a job, or of the whole spool.
  ///
  /// - Parameter after: only events with a greater sequence.
  public func events(of id: String?, after: Int = 0, limit: Int = 10_000) throws -> [JobEvent] {
    try read { db in
      try Row.fetchAll(
        db,
        sql: """
          SELECT * FROM events WHERE \(id == nil ? "" : "job = ?2 AND ")sequence > ?1
          ORDER BY sequence LIMIT ?3
          """, arguments: [after, id, limit]
      ).map { JobEvent(row: $0) }
    }
  }

  /// A stored value.
  public func mark(_ name: String) throws -> String? {
    try read { db in
      try Row.fetchOne(db, sql: "SELECT value FROM marks WHERE name = ?", arguments: [name])?
        .value("value")
    }
  }

  static func marks(_ count: Int) -> String {
    repeatElement("?", count: count).joined(separator: ", ")
  }
}
