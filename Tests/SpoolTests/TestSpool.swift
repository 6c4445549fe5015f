import Answers
import Diagnostics
import FoundationEssentials
import Synchronization
import WorkerProtocol

@preconcurrency import Glibc
@testable import Spool

/// A spool in a temporary folder with a test clock and simulated workers.
final class TestSpool {
  let folder: TemporaryFolder
  let time = TestClock()
  let workers = FakeWorkers()
  let fault = Faults()
  var settings = Settings()
  var messages: [String] = []
  private(set) var spooler: Spooler

  init(_ change: (inout Settings) -> Void = { _ in }) throws {
    folder = try TemporaryFolder()
    settings.model = "/model"
    settings.diskFloor = 0
    settings.prompts = ["default?"]
    change(&settings)
    spooler = try Self.open(folder.path, settings, workers, time, fault)
    spooler.log = { [weak self] in self?.messages.append("\($0) \($1 ?? ""): \($2)") }
    try spooler.start()
  }

  private static func open(
    _ path: String, _ settings: Settings, _ workers: FakeWorkers, _ time: TestClock,
    _ fault: Faults
  ) throws -> Spooler {
    let calls = SystemCalls { fault.check($0, $1) }
    return try Spooler(
      layout: SpoolLayout(path: path, calls: calls),
      store: JobStore(path: SpoolLayout.store(in: path), calls: calls), settings: settings,
      launcher: workers, clock: time.clock, log: { _, _, _ in })
  }

  /// Restarts the daemon.
  func restart() throws {
    spooler.dispatcher.releaseAll()
    spooler = try Self.open(folder.path, settings, workers, time, fault)
    spooler.log = { [weak self] in self?.messages.append("\($0) \($1 ?? ""): \($2)") }
    try spooler.start()
  }

  /// Steps while the clock advances.
  func run(seconds: Double, every: Double = 0.5) {
    spooler.step()
    for _ in 0..<Int((seconds / every).rounded(.up)) {
      time.advance(every)
      spooler.step()
    }
  }

  func path(_ name: String) -> String { folder.path + "/" + name }

  func drop(_ name: String, _ text: String = "content") throws {
    try drop(name, bytes: Array(text.utf8))
  }

  func drop(_ name: String, bytes: [UInt8]) throws {
    let path = path("inbox/" + name)
    try FileManager.default.createDirectory(
      atPath: String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)]),
      withIntermediateDirectories: true)
    try Data(bytes).write(to: URL(filePath: path))
  }

  func names(_ folder: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: path(folder)).sorted()
  }

  func text(_ name: String) throws -> String {
    String(decoding: try Data(contentsOf: URL(filePath: path(name))), as: UTF8.self)
  }

  /// A job's `answer.json` in the outbox or in `failed`.
  func document(_ folder: String, _ job: Job) throws -> AnswerDocument {
    try JSONLine.decode(
      AnswerDocument.self, Array(try text("\(folder)/\(job.id)/answer.json").utf8))
  }

  /// What `illava show --json` prints of a job.
  func shown(_ job: Job) throws -> AnswerDocument {
    let text = try SpoolClient(root: folder.path).document(
      job, try spooler.store.attempts(of: job.id))
    return try JSONLine.decode(AnswerDocument.self, Array(text.utf8))
  }

  func jobs() throws -> [Job] { try spooler.store.jobs(in: JobState.allCases) }

  func job(_ name: String) throws -> Job? { try jobs().first { $0.name == name } }
}

/// Makes calls fail.
final class Faults: Sendable {
  private struct Plan {
    var operation: SystemCalls.Operation?
    var skip = 0
    var count = 0
    var number: Int32 = 0
    var calls = 0
    var paths = ""
  }
  private let plan = Mutex(Plan())
  private let rule = Mutex<SystemCalls.Fault?>(nil)

  /// Sets a rule that is called before every call; `nil` lets the call proceed.
  func set(_ rule: @escaping SystemCalls.Fault) { self.rule.withLock { $0 = rule } }

  /// From the n-th call on (from 0), `count` calls fail; `paths` for only those on such a path.
  func set(
    _ operation: SystemCalls.Operation, _ number: Int32, at skip: Int, count: Int = 1,
    paths: String = ""
  ) {
    plan.withLock {
      $0 = Plan(operation: operation, skip: skip, count: count, number: number, paths: paths)
    }
  }

  func clear() {
    plan.withLock { $0 = Plan() }
    rule.withLock { $0 = nil }
  }

  /// Calls of the operation so far.
  var calls: Int { plan.withLock { $0.calls } }

  func check(_ operation: SystemCalls.Operation, _ path: String) -> Int32? {
    if let rule = rule.withLock(\.self) { return rule(operation, path) }
    return plan.withLock { plan in
      guard operation == plan.operation, plan.paths.isEmpty || path.contains(plan.paths) else {
        return nil
      }
      plan.calls += 1
      guard plan.calls > plan.skip, plan.calls <= plan.skip + plan.count else { return nil }
      return plan.number
    }
  }
}
