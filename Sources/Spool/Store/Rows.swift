import Diagnostics
import FoundationEssentials
import GRDB
import WorkerProtocol

extension Job {
  init(row: Row) throws {
    let stateName: String = row["state"]
    guard let state = JobState(rawValue: stateName) else {
      throw Failure(.fault, code: "store.damaged", "a job is in the state “\(stateName)”")
    }
    id = row["id"]
    self.state = state
    claim = try JobClaim(json: Array((row["claim"] as String).utf8))
    created = row["created"]
    updated = row["updated"]
    notBefore = row["not_before"]
    attempts = row["attempts"]
    error = try (row["error"] as String?).map {
      try JSONLine.decode(ErrorReport.self, Array($0.utf8))
    }
    summary = try (row["summary"] as String?).map {
      try JSONLine.decode(WorkerSummary.self, Array($0.utf8))
    }
    duplicateOf = row["duplicate_of"]
    isCleaned = (row["cleaned"] as Int) != 0
    // Not there in a store that its daemon has not brought up to date yet.
    memoryTarget = row["memory_target"] as Int?
    memoryWaits = row["memory_waits"] as Int? ?? 0
  }
}

extension Attempt {
  init(row: Row) {
    number = row["number"]
    started = row["started"]
    ended = row["ended"]
    ending = (row["ending"] as String?).flatMap(Ending.init(rawValue:))
    exitStatus = row["exit_status"]
    signal = row["signal"]
    peakMemory = row["peak_memory"]
    detail = row["detail"]
    predictedMemory = row["predicted_memory"] as Int?
    memoryBudget = row["memory_budget"] as Int?
  }
}

extension JobEvent {
  init(row: Row) {
    sequence = row["sequence"]
    job = row["job"]
    time = row["time"]
    level = LogLevel(rawValue: row["level"]) ?? .info
    text = row["text"]
  }
}

extension BytePath {
  /// The bytes as SQLite has them.
  var blob: Data { Data(bytes) }
}

/// A value as the text of a JSON column.
func jsonText(_ value: some Encodable) throws(Failure) -> String {
  String(decoding: try JSONLine.encode(value).dropLast(), as: UTF8.self)
}
