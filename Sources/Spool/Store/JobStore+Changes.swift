import Diagnostics
import GRDB
import WorkerProtocol

extension JobStore {
  /// How an attempt ended.
  struct AttemptEnd: Sendable {
    var ending: Attempt.Ending
    var exitStatus: Int?
    var signal: Int?
    var peakMemory: Int?
    var detail: String?
    var predictedMemory: Int?
    var memoryBudget: Int?
    /// Bytes that the next attempt should stay within; `nil` leaves the value unchanged.
    var memoryTarget: Int?
    /// Whether the attempt does not count.
    var isRefunded = false
  }

  /// Adds claimed jobs; those already in the store stay unchanged.
  ///
  /// - Parameter ageing: milliseconds of waiting that count as much as one step of priority.
  func add(_ claims: [JobClaim], ageing: Int, now: Int) throws {
    try write("store.added") { db in
      for claim in claims {
        try db.execute(
          sql: """
            INSERT INTO jobs (id, state, claim, name, created, updated, rank)
            VALUES (?, 'queued', ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING
            """,
          arguments: [
            claim.id, try jsonText(claim), claim.name.blob, claim.created, now,
            claim.created.subtractingClamped(claim.priority.multipliedClamped(by: ageing)),
          ])
        guard db.changesCount > 0 else { continue }
        Self.index(db, claim)
        let text = "taken from the inbox: \(claim.name), priority \(claim.priority)"
        try Self.note(db, claim.id, .info, text, now)
      }
    }
  }

  /// Counts an attempt and marks the job as running.
  ///
  /// - Returns: whether the job was waiting.
  func begin(_ id: String, now: Int) throws -> Bool {
    try write("store.begun") { db in
      try db.execute(
        sql: """
          UPDATE jobs SET state = 'running', attempts = min(attempts, 1 << 30) + 1, updated = ?
          WHERE id = ? AND state IN ('queued', 'retrying', 'waiting-memory')
          """, arguments: [now, id])
      guard db.changesCount > 0 else { return false }
      try db.execute(
        sql: """
          INSERT INTO attempts (job, number, started)
          SELECT ?, coalesce(max(number), 0) + 1, ? FROM attempts
          WHERE job = ? AND number < 1 << 30
          """, arguments: [id, now, id])
      return true
    }
  }

  /// Marks a job as answered; its answer is in the outbox.
  func finish(
    _ id: String, summary: WorkerSummary?, duplicateOf: String?, end: AttemptEnd?, text: String,
    now: Int
  ) throws {
    try write("store.finished") { db in
      try db.execute(
        sql: """
          UPDATE jobs SET state = 'done', updated = ?, summary = ?, duplicate_of = ?, error = NULL,
            warnings = ?
          WHERE id = ? AND state NOT IN ('done', 'failed', 'cancelled')
          """,
        arguments: [
          now, try summary.map { try jsonText($0) }, duplicateOf, summary?.warnings?.count ?? 0, id,
        ])
      guard db.changesCount > 0 else { return }
      if let summary { Self.index(db, id, answer: summary.answer) }
      if let end { try Self.close(db, id, end, now) }
      try Self.note(db, id, .notice, text, now)
      for warning in summary?.warnings ?? [] { try Self.note(db, id, .warning, warning, now) }
    }
  }

  /// Marks a job as given up; its input and `error.json` are in `failed/`.
  func giveUp(
    _ id: String, state: JobState, error: ErrorReport, end: AttemptEnd?, now: Int
  ) throws {
    try write("store.given-up") { db in
      try db.execute(
        sql: """
          UPDATE jobs SET state = ?, updated = ?, error = ?
          WHERE id = ? AND state NOT IN ('done', 'failed', 'cancelled')
          """, arguments: [state.rawValue, now, try jsonText(error), id])
      guard db.changesCount > 0 else { return }
      if let end { try Self.close(db, id, end, now) }
      let level: LogLevel = state == .cancelled ? .notice : .error
      try Self.note(db, id, level, "\(state.rawValue): \(error.message) [\(error.code)]", now)
    }
  }

  /// Puts a running job back.
  ///
  /// - Parameters:
  ///   - state: `queued`, `retrying`, `waiting-memory` or `held`.
  ///   - notBefore: when it may begin again, in milliseconds since 1970.
  func putBack(
    _ id: String, state: JobState, notBefore: Int, error: ErrorReport?, end: AttemptEnd,
    text: String, now: Int
  ) throws {
    try write("store.put-back") { db in
      try db.execute(
        sql: """
          UPDATE jobs SET state = ?, updated = ?, not_before = ?, error = ?,
            attempts = max(0, attempts - ?), memory_target = coalesce(?, memory_target),
            memory_waits = CASE ? WHEN 'waiting-memory' THEN min(memory_waits, 1 << 30) + 1 ELSE 0
              END
          WHERE id = ? AND state = 'running'
          """,
        arguments: [
          state.rawValue, now, notBefore, try error.map { try jsonText($0) },
          end.isRefunded ? 1 : 0, end.memoryTarget, state.rawValue, id,
        ])
      guard db.changesCount > 0 else { return }
      try Self.close(db, id, end, now)
      try Self.note(db, id, end.isRefunded ? .info : .warning, text, now)
    }
  }

  /// Queues a job that was given up again, without its previous attempts.
  func again(_ id: String, now: Int) throws {
    try write("store.again") { db in
      try db.execute(
        sql: """
          UPDATE jobs SET state = 'queued', updated = ?, not_before = 0, attempts = 0, error = NULL,
            announced = 0, memory_target = NULL, memory_waits = 0
          WHERE id = ? AND state IN ('failed', 'cancelled')
          """, arguments: [now, id])
      guard db.changesCount > 0 else { return }
      try Self.note(db, id, .notice, "asked for again", now)
    }
  }

  /// Holds or releases a waiting job.
  ///
  /// - Returns: whether its state allowed that.
  func hold(_ id: String, _ held: Bool, now: Int) throws -> Bool {
    try write("store.held") { db in
      try db.execute(
        sql: """
          UPDATE jobs SET state = ?, updated = ?, not_before = 0 WHERE id = ? AND state IN
          (\(held ? "'queued', 'retrying', 'waiting-memory'" : "'held'"))
          """, arguments: [held ? "held" : "queued", now, id])
      guard db.changesCount > 0 else { return false }
      try Self.note(db, id, .notice, held ? "held" : "released", now)
      return true
    }
  }

  /// Stores the digest of a job's content.
  func setContent(_ id: String, _ content: String) throws {
    try write("store.content") { db in
      try db.execute(sql: "UPDATE jobs SET content = ? WHERE id = ?", arguments: [content, id])
    }
  }

  /// Jobs that have ended and were not announced; from now on they count as announced.
  func takeUnannounced(limit: Int) throws -> [Job] {
    let condition = "announced = 0 AND state IN ('done', 'failed')"
    let some = try read { db in
      try Bool.fetchOne(db, sql: "SELECT EXISTS (SELECT 1 FROM jobs WHERE \(condition))")
    }
    guard some == true else { return [] }
    return try write("store.announced") { db in
      let rows = try Row.fetchAll(
        db, sql: "SELECT * FROM jobs WHERE \(condition) ORDER BY id LIMIT ?",
        arguments: [limit])
      for row in rows {
        // Jobs too damaged to announce count as announced, because they would block the others.
        try db.execute(
          sql: "UPDATE jobs SET announced = 1 WHERE id = ?",
          arguments: [row["id"] as DatabaseValue?])
      }
      return readable(rows)
    }
  }

  /// Adds a line to a job's history or, without a job, to the daemon's.
  func note(_ id: String?, _ level: LogLevel, _ text: String, now: Int) throws {
    try write("store.noted") { db in try Self.note(db, id, level, text, now) }
  }

  /// Stores a named value; `nil` removes it.
  func setMark(_ name: String, _ value: String?) throws {
    try write("store.marked") { db in
      try Self.set(db, name, value)
    }
  }

  static func set(_ db: Database, _ name: String, _ value: String?) throws {
    if let value {
      try db.execute(
        sql: "INSERT INTO marks VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = ?2",
        arguments: [name, value])
    } else {
      try db.execute(sql: "DELETE FROM marks WHERE name = ?", arguments: [name])
    }
  }

  static func note(
    _ db: Database, _ id: String?, _ level: LogLevel, _ text: String, _ now: Int
  ) throws {
    try db.execute(
      sql: "INSERT INTO events (job, time, level, text) VALUES (?, ?, ?, ?)",
      arguments: [id, now, level.rawValue, text])
  }

  private static func close(_ db: Database, _ id: String, _ end: AttemptEnd, _ now: Int) throws {
    try db.execute(
      sql: """
        UPDATE attempts SET ended = ?, ending = ?, exit_status = ?, signal = ?, peak_memory = ?,
          detail = ?, predicted_memory = ?, memory_budget = ? WHERE job = ? AND ended IS NULL
        """,
      arguments: [
        now, end.ending.rawValue, end.exitStatus, end.signal, end.peakMemory, end.detail,
        end.predictedMemory, end.memoryBudget, id,
      ])
  }
}
