import Basics
import Diagnostics
import GRDB
import WorkerProtocol

@preconcurrency import Glibc

/// Keeps the store's files intact while it is open.
extension JobStore {
  // MARK: - Its files

  /// Whether the files at the store's paths are not the open ones.
  var isDisturbed: Bool { isClosed || StoreFiles(path) != files }

  /// Restores the store's files after they were removed or replaced; the open files have all data.
  ///
  /// - Parameter now: milliseconds since 1970; used in the name under which a replacement is kept.
  /// - Returns: what happened, in words; `nil` if nothing was wrong.
  /// - Throws: when the files could not be restored; the open store still works, and it can be tried
  ///   again.
  func putBack(now: Int) throws -> String? {
    let found = StoreFiles(path)
    guard found != files || isClosed else { return nil }
    if !isClosed {
      try writeCopy()
      // From here on the old files are not written any more.
      try queue.close()
      isClosed = true
    }
    var kept: [String] = []
    // Without a copy the file is already in its place, and only could not be opened.
    if access(Self.copy(of: path), F_OK) == 0 {
      kept = try clearPlace(found, now: now)
      try calls.call(.rename, Self.copy(of: path)) { rename(Self.copy(of: path), path) }
    }
    try syncFile(String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)]) + "/")
    try reopen()
    isClosed = false
    let what =
      found.database == nil
      ? "was removed" : found.database == files.database ? "lost its log" : "was replaced"
    return "\(path) \(what) while the daemon worked with it: it is written anew, with all jobs"
      + (kept.isEmpty ? "" : "; what lay in its place is kept as \(kept.joined(separator: ", "))")
  }

  /// Removes the remains of the open store and moves away files of another one. The log goes before the
  /// main file, because it would be applied to a new main file.
  ///
  /// - Returns: the files that were moved away.
  private func clearPlace(_ found: StoreFiles, now: Int) throws -> [String] {
    var kept: [String] = []
    for ending in StoreFiles.endings.reversed() {
      guard let other = found.identities[ending] else { continue }
      if other == files.identities[ending] || ending == "-shm" {
        unlink(path + ending)
      } else {
        let name = "\(path).replaced-\(now)\(ending)"
        try calls.call(.rename, path + ending) { rename(path + ending, name) }
        kept.append(name)
      }
    }
    return kept
  }

  /// The temporary name of a complete copy of the store.
  private static func copy(of path: String) -> String { path + ".whole" }

  private func writeCopy() throws {
    let unfinished = path + ".new"
    unlink(unfinished)
    do {
      try queue.vacuum(into: unfinished)
      try syncFile(unfinished)
      try calls.call(.rename, unfinished) { rename(unfinished, Self.copy(of: path)) }
    } catch {
      unlink(unfinished)
      throw error
    }
  }

  /// Moves a complete copy into place that was written before the daemon ended.
  static func finishPuttingBack(_ path: String) {
    guard access(path, F_OK) != 0, access(copy(of: path), F_OK) == 0 else { return }
    for ending in StoreFiles.endings { unlink(path + ending) }
    rename(copy(of: path), path)
  }

  private func syncFile(_ path: String) throws {
    let file = try calls.call(.open, path) { open(path, O_RDONLY | O_CLOEXEC) }
    defer { close(file) }
    try calls.call(.sync, path) { fsync(file) }
  }

  // MARK: - Its log

  /// Writes the log's contents to the store and empties the log, as far as readers allow.
  ///
  /// - Parameter isIdle: whether nothing waits for the daemon.
  /// - Returns: a warning where a reader has kept the log from being emptied for too long.
  func shrinkLog(isIdle: Bool) throws -> String? {
    let size = StoreFiles(path).logBytes
    guard size > (isIdle ? 0 : StoreFiles.usualLog) else { return nil }
    return try queue.writeWithoutTransaction { db in
      // A checkpoint that empties the log would wait for readers, and block the daemon.
      try db.execute(sql: "PRAGMA busy_timeout = 0")
      defer { try? db.execute(sql: "PRAGMA busy_timeout = 10000") }
      let row = try Row.fetchOne(db, sql: "PRAGMA wal_checkpoint(TRUNCATE)")
      let isBusy = (row?.value("busy") ?? 0) != 0
      guard isBusy, size > 4 * StoreFiles.usualLog else { return nil }
      return "a program has been reading state.sqlite for so long that its log has grown to "
        + "\(ByteCount.text(size)); it is emptied when that program ends or reads anew"
    }
  }

  // MARK: - Its rows

  /// Repairs SQLite's counters: one near the maximum would leave no next number.
  static func mendCounters(_ db: Database) throws {
    for table in ["events", "requests"] {
      let last = try Row.fetchOne(db, sql: "SELECT max(sequence) AS last FROM \(table)")
      let count = try Row.fetchOne(
        db, sql: "SELECT max(seq) AS last FROM sqlite_sequence WHERE name = ?", arguments: [table])
      let numbers: [Int] = [last, count].compactMap { $0?.value("last") }
      guard let most = numbers.max(), most > 1 << 53 else { continue }
      try db.execute(sql: "DELETE FROM \(table) WHERE sequence > 1 << 53")
      try db.execute(
        sql: """
          UPDATE sqlite_sequence SET seq = (SELECT coalesce(max(sequence), 0) FROM \(table))
          WHERE name = ?
          """, arguments: [table])
    }
  }

  /// The unreadable rows of jobs, in words.
  func damagedRows() throws -> [String] {
    try read { db in
      var problems: [String] = []
      let rows = try Row.fetchCursor(db, sql: "SELECT * FROM jobs")
      while let row = try rows.next() {
        do throws(Failure) {
          let job = try Job(row: row)
          if job.isDamaged, let message = job.claim.refusal?.message { problems.append(message) }
        } catch {
          problems.append(error.message)
        }
      }
      return problems
    }
  }

  /// Writes a job's claim again.
  func mend(_ claim: JobClaim) throws {
    try write("store.mended") { db in
      try db.execute(
        sql: "UPDATE jobs SET claim = ?, name = ? WHERE id = ?",
        arguments: [try jsonText(claim), claim.name.blob, claim.id])
    }
  }

  // MARK: - Cleaning

  private static let cleaning = "cleaning"

  /// Marks that jobs' folders are being removed; called before the first of them goes, so that no job
  /// counts as having an answer that is gone.
  func beginCleaning(_ ids: [String]) throws {
    let known = Set(try unfinishedCleaning())
    try write("store.cleaning") { db in
      for id in ids {
        try db.execute(sql: "UPDATE jobs SET cleaned = 1 WHERE id = ?", arguments: [id])
      }
      try Self.set(db, Self.cleaning, known.union(ids).sorted().joined(separator: "\n"))
    }
  }

  /// Jobs marked as cleaned whose folders may not be removed yet.
  func unfinishedCleaning() throws -> [String] {
    try mark(Self.cleaning)?.split(separator: "\n").map(String.init) ?? []
  }

  /// Marks that all folders are removed except those of some jobs.
  func endCleaning(except ids: [String]) throws {
    try setMark(Self.cleaning, ids.isEmpty ? nil : ids.joined(separator: "\n"))
  }
}
