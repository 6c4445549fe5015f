import Diagnostics
import FoundationEssentials
import GRDB
import Options
import WorkerProtocol

extension Row {
  /// A column's value; `nil` if it is missing or of another type. GRDB's own subscripts would end the
  /// process for such a row of a damaged store.
  func value<Value: DatabaseValueConvertible>(_ column: String) -> Value? {
    (self[column] as DatabaseValue?).flatMap { Value.fromDatabaseValue($0) }
  }

  /// A column that holds JSON; `nil` where it cannot be read.
  fileprivate func json<Value: Decodable>(_ column: String) -> Value? {
    let text: String? = value(column)
    return text.flatMap { try? JSONLine.decode(Value.self, Array($0.utf8)) }
  }
}

extension Job {
  /// Reads a row. Damage costs as little as possible: a job whose claim cannot be read is refused and
  /// keeps its name.
  ///
  /// - Throws: `store.damaged` where not even id and state can be read.
  init(row: Row) throws(Failure) {
    guard let id: String = row.value("id") else {
      throw Failure(.fault, code: .storeDamaged, "a job in the store has no id")
    }
    let stateName: String = row.value("state") ?? ""
    guard let state = JobState(rawValue: stateName) else {
      throw Failure(
        .fault, code: .storeDamaged,
        "job \(BytePath(id)) is in the state “\(BytePath(stateName))”, which does not exist")
    }
    self.id = id
    self.state = state
    created = row.value("created") ?? 0
    updated = row.value("updated") ?? 0
    let known: JobClaim? = row.json("claim")
    if let known, known.id == id {
      claim = known
    } else {
      let name: Data? = row.value("name")
      claim = JobClaim(unreadable: id, name: BytePath(bytes: name ?? Data()), created: created)
    }
    notBefore = row.value("not_before") ?? 0
    attempts = max(0, row.value("attempts") ?? 0)
    error = row.json("error")
    summary = row.json("summary")
    duplicateOf = row.value("duplicate_of")
    isCleaned = (row.value("cleaned") ?? 0) != 0
    // Missing in a store that its daemon has not updated yet.
    memoryTarget = row.value("memory_target")
    memoryWaits = max(0, row.value("memory_waits") ?? 0)
  }

  /// Whether the job's claim is lost.
  var isDamaged: Bool { claim.refusal?.code == .storeDamaged }
}

extension JobClaim {
  /// A replacement for a claim that cannot be read: the job is given up and keeps its name.
  init(unreadable id: String, name: BytePath, created: Int) {
    self.init(
      id: id, form: .media, name: name.isEmpty ? BytePath(id) : name, created: created, inputs: [],
      media: [], prompts: [], options: QuestionOptions(), priority: 0,
      refusal: ErrorReport(
        Failure(
          .fault, code: .storeDamaged,
          "state.sqlite is damaged where it says what job \(BytePath(id)) is",
          remedy: "Drop its files in again, and run illava doctor to see what else is damaged.")))
  }
}

extension Attempt {
  init(row: Row) {
    number = row.value("number") ?? 0
    started = row.value("started") ?? 0
    ended = row.value("ended")
    let name: String? = row.value("ending")
    ending = name.flatMap(Ending.init(rawValue:))
    exitStatus = row.value("exit_status")
    signal = row.value("signal")
    peakMemory = row.value("peak_memory")
    detail = row.value("detail")
    predictedMemory = row.value("predicted_memory")
    memoryBudget = row.value("memory_budget")
  }
}

extension JobEvent {
  init(row: Row) {
    sequence = row.value("sequence") ?? 0
    job = row.value("job")
    time = row.value("time") ?? 0
    let name: String? = row.value("level")
    level = name.flatMap(LogLevel.init(rawValue:)) ?? .info
    text = row.value("text") ?? "(this line is damaged)"
  }
}

extension BytePath {
  /// The bytes as SQLite stores them.
  var blob: Data { Data(bytes) }
}

/// A value as the text of a JSON column.
func jsonText(_ value: some Encodable) throws(Failure) -> String {
  String(decoding: try JSONLine.encode(value).dropLast(), as: UTF8.self)
}
