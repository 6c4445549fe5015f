import Diagnostics
import GRDB

/// The SQLite database of jobs, written by the daemon only.
///
/// Not for use from several threads at a time.
public final class JobStore {
  /// Called once for each kind of damage in the store.
  var report: (String) -> Void = { _ in }
  var told: Set<String> = []
  private(set) var queue: DatabaseQueue
  /// Whether the database is closed because its files are being restored.
  var isClosed = false
  let calls: SystemCalls
  let path: String
  /// The identities of the open store's files.
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
      // If this fails, the counters were not the damage.
      try? queue.write { try Self.mendCounters($0) }
      files = StoreFiles(path)
    } catch let error as DatabaseError {
      throw Failure.database(error, path)
    }
  }

  /// The daemon's connection settings.
  private static var writing: Configuration {
    var configuration = Configuration()
    configuration.busyMode = .timeout(10)
    configuration.prepareDatabase { db in
      // A commit is on disk when it returns, and readers never block it.
      try db.execute(sql: "PRAGMA journal_mode = WAL")
      try db.execute(sql: "PRAGMA synchronous = FULL")
      try db.execute(sql: "PRAGMA foreign_keys = ON")
      try db.execute(sql: "PRAGMA trusted_schema = OFF")
      // A log that grew because of a reader is truncated when it restarts.
      try db.execute(sql: "PRAGMA journal_size_limit = \(StoreFiles.usualLog)")
    }
    return configuration
  }

  /// The connection settings of readers.
  private static var reading: Configuration {
    var configuration = Configuration()
    configuration.readonly = true
    configuration.busyMode = .timeout(5)
    return configuration
  }

  /// Opens the files that are at the path now.
  func reopen() throws {
    queue = try DatabaseQueue(
      path: path, configuration: isReader ? Self.reading : Self.writing)
    _ = try queue.read { try $0.tableExists("jobs") }
    if !isReader { SpoolRights.closeStore(path) }
    files = StoreFiles(path)
  }

  /// Opens the store for reading; a daemon may be using it.
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

  /// Opens an existing store for storing requests; its tables are not changed.
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

  /// Runs a transaction, which is on disk when this returns.
  ///
  /// - Parameter step: the name of the step that is done once it is committed.
  func write<Result>(_ step: String, _ body: (Database) throws -> Result) throws -> Result {
    let result = try queue.write { db in
      let result = try body(db)
      // Injected faults occur where real ones would: after all writes, before the commit.
      try calls.call(.commit, "state.sqlite") { 0 }
      return result
    }
    calls.passed(step)
    return result
  }

  func read<Result>(_ body: (Database) throws -> Result) throws -> Result {
    // If the store's files were removed or replaced, the daemon has restored them: a waiting reader
    // would otherwise read the old files forever.
    if isReader, StoreFiles(path).database != files.database { try? reopen() }
    return try queue.read(body)
  }

  /// The problems that SQLite finds in the store; empty if there are none.
  public func integrityProblems() throws -> [String] {
    try read { db in
      let lines = try String.fetchAll(db, sql: "PRAGMA integrity_check")
      return lines == ["ok"] ? [] : lines
    }
  }
}
