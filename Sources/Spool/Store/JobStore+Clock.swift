import GRDB

extension JobStore {
  private static let active = "state NOT IN ('done', 'failed', 'cancelled')"

  /// The last trusted time, in milliseconds since 1970; `nil` for a new store.
  func lastTime() throws -> Int? {
    if let known = try mark("clock").flatMap({ Int($0) }) { return known }
    return try read { try Int.fetchOne($0, sql: "SELECT max(updated) FROM jobs") }
  }

  /// Stores the time.
  func noteTime(_ milliseconds: Int) throws { try setMark("clock", "\(milliseconds)") }

  /// Shifts the times of waiting jobs by the amount the clock was set, so that their waits end as
  /// planned and their order stays.
  ///
  /// - Parameter milliseconds: positive when the clock was set forward.
  func followClock(by milliseconds: Int) throws {
    try write("store.clock") { db in
      try db.execute(
        sql: """
          UPDATE jobs SET created = created + ?1, rank = rank + ?1,
            not_before = CASE WHEN not_before > 0 THEN max(1, not_before + ?1) ELSE 0 END
          WHERE \(Self.active)
          """, arguments: [milliseconds])
    }
  }

  /// Repairs times written while the clock was ahead: a job with a claim time in the future counts as
  /// claimed now, and no wait exceeds the longest one.
  ///
  /// - Parameters:
  ///   - now: in milliseconds since 1970.
  ///   - longest: the longest wait, in milliseconds.
  func calmTimes(now: Int, longest: Int) throws {
    try write("store.clock") { db in
      try db.execute(
        sql: """
          UPDATE jobs SET created = ?1, rank = rank - (created - ?1)
          WHERE \(Self.active) AND created > ?1
          """, arguments: [now])
      try db.execute(
        sql: "UPDATE jobs SET not_before = ?2 WHERE \(Self.active) AND not_before > ?2",
        arguments: [now, now + longest])
    }
  }

  /// Marks all ended jobs as announced.
  func skipAnnouncements() throws {
    try write("store.announced") { db in
      try db.execute(
        sql: "UPDATE jobs SET announced = 1 WHERE announced = 0 AND state IN ('done', 'failed')")
    }
  }
}
