import Diagnostics
import GRDB

/// The jobs in SQLite: the daemon's memory, written by it alone.
///
/// Not for use from several threads at a time.
public final class JobStore {
  /// Told once of each thing in the store that is damaged.
  var report: (String) -> Void = { _ in }
  var told: Set<String> = []
  private(set) var queue: DatabaseQueue
  /// Whether the queue is closed because its files are being put back.
  var isClosed = false
  let calls: SystemCalls
  let path: String
  /// Which files the open store is made of.
  var files: StoreFiles
  private let isReader: Bool

  /// Opens the store of a daemon, and creates or updates it.
  ///
  /// - Throws: `store.open` when SQLite cannot, `store.newer` for a store of a later version.
  public init(path: String, calls: SystemCalls) throws {
    self.calls = calls
    self.path = path
    isReader = false
    Self.finishPuttingBack(path)
    SpoolRights.closeStore(path)
    do {
      queue = try DatabaseQueue(path: path, configuration: Self.writing)
      let migrator = StoreSchema.migrator
      if try queue.read({ try migrator.hasBeenSuperseded($0) }) {
        throw Failure(
          .fault, code: .storeNewer, "\(path) was written by a later version",
          remedy: "Install that version again, or begin with another spool.")
      }
      try migrator.migrate(queue)
      // Where it cannot be done, it was not this that is damaged.
      try? queue.write { try Self.mendCounters($0) }
      files = StoreFiles(path)
    } catch let error as DatabaseError {
      throw Failure.database(error, path)
    }
  }

  /// How the daemon holds the store.
  private static var writing: Configuration {
    var configuration = Configuration()
    configuration.busyMode = .timeout(10)
    configuration.prepareDatabase { db in
      // A commit is on disk when it returns, and readers are never in its way.
      try db.execute(sql: "PRAGMA journal_mode = WAL")
      try db.execute(sql: "PRAGMA synchronous = FULL")
      try db.execute(sql: "PRAGMA foreign_keys = ON")
      try db.execute(sql: "PRAGMA trusted_schema = OFF")
      // A log that grew while somebody read is cut when it begins anew.
      try db.execute(sql: "PRAGMA journal_size_limit = \(StoreFiles.usualLog)")
    }
    return configuration
  }

  /// How others look at it.
  private static var reading: Configuration {
    var configuration = Configuration()
    configuration.readonly = true
    configuration.busyMode = .timeout(5)
    return configuration
  }

  /// Opens what lies at the path now.
  func reopen() throws {
    queue = try DatabaseQueue(
      path: path, configuration: isReader ? Self.reading : Self.writing)
    _ = try queue.read { try $0.tableExists("jobs") }
    if !isReader { SpoolRights.closeStore(path) }
    files = StoreFiles(path)
  }

  /// Opens the store for looking only; a daemon may be at work on it.
  ///
  /// - Throws: `store.missing`, `store.open`.
  public init(reading path: String) throws {
    calls = SystemCalls()
    self.path = path
    isReader = true
    do {
      queue = try DatabaseQueue(path: path, configuration: Self.reading)
      files = StoreFiles(path)
      _ = try queue.read { try $0.tableExists("jobs") }
    } catch let error as DatabaseError {
      throw Failure.database(error, path)
    }
  }

  /// Opens a store that is there for writing requests down; its tables stay as they are.
  ///
  /// - Throws: `store.open`.
  init(keepingIn path: String) throws {
    calls = SystemCalls()
    self.path = path
    isReader = false
    var configuration = Configuration()
    configuration.busyMode = .timeout(10)
    configuration.prepareDatabase { db in try db.execute(sql: "PRAGMA synchronous = FULL") }
    do {
      queue = try DatabaseQueue(path: path, configuration: configuration)
      files = StoreFiles(path)
    } catch let error as DatabaseError {
      throw Failure.database(error, path)
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
    // A daemon whose store was removed or replaced has put it back meanwhile: who waits for a job
    // would look at the old one for ever.
    if isReader, StoreFiles(path).database != files.database { try? reopen() }
    return try queue.read(body)
  }

  /// What SQLite finds wrong with the store; empty when all is well.
  public func integrityProblems() throws -> [String] {
    try read { db in
      let lines = try String.fetchAll(db, sql: "PRAGMA integrity_check")
      return lines == ["ok"] ? [] : lines
    }
  }
}
