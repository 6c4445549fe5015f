import Diagnostics
import GRDB

/// The jobs in SQLite: the daemon's memory, written by it alone.
///
/// Not for use from several threads at a time.
public final class JobStore {
  let queue: DatabaseQueue
  let calls: SystemCalls

  /// Opens the store of a daemon, and creates or updates it.
  ///
  /// - Throws: `store.open` when SQLite cannot, `store.newer` for a store of a later version.
  public init(path: String, calls: SystemCalls) throws {
    self.calls = calls
    var configuration = Configuration()
    configuration.busyMode = .timeout(10)
    configuration.prepareDatabase { db in
      // A commit is on disk when it returns, and readers are never in its way.
      try db.execute(sql: "PRAGMA journal_mode = WAL")
      try db.execute(sql: "PRAGMA synchronous = FULL")
      try db.execute(sql: "PRAGMA foreign_keys = ON")
      try db.execute(sql: "PRAGMA trusted_schema = OFF")
    }
    SpoolRights.closeStore(path)
    do {
      queue = try DatabaseQueue(path: path, configuration: configuration)
      let migrator = StoreSchema.migrator
      if try queue.read({ try migrator.hasBeenSuperseded($0) }) {
        throw Failure(
          .fault, code: "store.newer", "\(path) was written by a later version",
          remedy: "Install that version again, or begin with another spool.")
      }
      try migrator.migrate(queue)
    } catch let error as DatabaseError {
      throw Self.failure(error, path)
    }
  }

  /// Opens the store for looking only; a daemon may be at work on it.
  ///
  /// - Throws: `store.missing`, `store.open`.
  public init(reading path: String) throws {
    calls = SystemCalls()
    var configuration = Configuration()
    configuration.readonly = true
    configuration.busyMode = .timeout(5)
    do {
      queue = try DatabaseQueue(path: path, configuration: configuration)
      _ = try queue.read { try $0.tableExists("jobs") }
    } catch let error as DatabaseError {
      throw Self.failure(error, path)
    }
  }

  /// Runs a transaction that is on disk when this returns.
  ///
  /// - Parameter step: what others rely on once it is committed.
  func write<Result>(_ step: String, _ body: (Database) throws -> Result) throws -> Result {
    let result = try queue.write { db in
      let result = try body(db)
      // Injected faults come where a real one would: when all is written but not committed.
      try calls.call(.commit, "state.sqlite") { 0 }
      return result
    }
    calls.passed(step)
    return result
  }

  func read<Result>(_ body: (Database) throws -> Result) throws -> Result {
    try queue.read(body)
  }

  /// What SQLite finds wrong with the store; empty when all is well.
  public func integrityProblems() throws -> [String] {
    try read { db in
      let lines = try String.fetchAll(db, sql: "PRAGMA integrity_check")
      return lines == ["ok"] ? [] : lines
    }
  }

  /// A failure for what SQLite reports.
  static func failure(_ error: DatabaseError, _ path: String) -> Failure {
    let message = "\(path): SQLite says “\(error.message ?? "\(error.resultCode)")”"
    return switch error.resultCode {
    case .SQLITE_CANTOPEN:
      Failure(
        .missingInput, code: "store.open", message,
        remedy: "Check that the spool is there and that you may read and write in it.")
    case .SQLITE_FULL:
      Failure(
        .fault, code: "spool.disk-full", message,
        remedy: "Free some space on the disk of the spool; work goes on by itself then.")
    case .SQLITE_CORRUPT, .SQLITE_NOTADB:
      Failure(
        .fault, code: "store.damaged", message,
        remedy: "Run illava doctor; files in work, outbox and failed are not affected.")
    case .SQLITE_READONLY, .SQLITE_PERM, .SQLITE_AUTH:
      Failure(
        .fault, code: "store.read-only", message,
        remedy: "Give the daemon's user the right to write in the folder of the spool.")
    default: Failure(.fault, code: "store.failed", message)
    }
  }
}
