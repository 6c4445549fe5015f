import Diagnostics
import GRDB
import WorkerProtocol

extension JobStore {
  /// Stores a request for the daemon.
  public func keep(_ request: ControlRequest, now: Int) throws {
    try write("store.requested") { db in
      try db.execute(
        sql: "INSERT INTO requests (time, request) VALUES (?, ?)",
        arguments: [now, try jsonText(request)])
    }
  }

  /// The stored requests and their numbers, oldest first.
  func keptRequests() throws -> [(sequence: Int, text: String)] {
    try read { db in
      try Row.fetchAll(db, sql: "SELECT sequence, request FROM requests ORDER BY sequence")
        .compactMap { row in
          guard let sequence: Int = row.value("sequence") else { return nil }
          return (sequence, row.value("request") ?? "")
        }
    }
  }

  /// The number of stored requests.
  public func keptRequestCount() throws -> Int {
    try read { try Int.fetchOne($0, sql: "SELECT count(*) FROM requests") ?? 0 }
  }

  /// Removes a request that was carried out.
  func forgetRequest(_ sequence: Int) throws {
    try write("store.request-done") { db in
      try db.execute(sql: "DELETE FROM requests WHERE sequence = ?", arguments: [sequence])
    }
  }
}
