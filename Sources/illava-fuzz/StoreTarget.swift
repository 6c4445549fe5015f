import Diagnostics
import FoundationEssentials
import GRDB
import Spool

@preconcurrency import Glibc

/// The store of a daemon, with rows that no daemon writes.
final class StoreTarget: FuzzTarget {
  let corpus: [[UInt8]]
  let words = [
    "\"priority\":", "\"created\":", "\"size\":", "\"media\":[", "\"inputs\":[", "\"refusal\":",
    "\"peakMemory\":", "\"seconds\":{", "\"schema\":", "\"kind\":\"fault\"", "\"to\":\"../x\"",
  ]
  private let daemon: DaemonProcess
  private let template: String
  private var mutator = Mutator(seed: 7, corpus: [], words: [])

  private static let columns = [
    (
      "jobs",
      ["created", "updated", "rank", "not_before", "attempts", "memory_waits", "memory_target"]
    ),
    ("attempts", ["number", "started", "ended", "exit_status", "signal", "peak_memory"]),
    ("events", ["time"]),
  ]
  private static let numbers = [
    0, -1, 1, .max, .min, 1 << 53, 1_700_000_000_000, -1_700_000_000_000, 4_000_000_000_000_000_000,
  ]
  private static let texts = [
    ("jobs", "claim"), ("jobs", "summary"), ("jobs", "error"), ("requests", "request"),
  ]

  /// Makes a store with an answered job, a failed job and a waiting job, using a daemon.
  init(model: String) throws {
    daemon = try DaemonProcess(model: model)
    template = daemon.root + ".template"
    let picture = model + "/../media/picture2.png"
    guard daemon.start() else { throw Refused() }
    _ = try daemon.client.change(ControlRequest(.resume))
    try Data("bad".utf8).write(to: URL(filePath: daemon.root + "/inbox/bad.png"))
    try FileManager.default.copyItem(atPath: picture, toPath: daemon.root + "/inbox/good.png")
    let end = Stopwatch.wall() + 60
    while Stopwatch.wall() < end, try daemon.client.records().overview().count(.done) == 0 {
      usleep(100_000)
    }
    _ = try daemon.client.change(ControlRequest(.pause))
    try FileManager.default.copyItem(atPath: picture, toPath: daemon.root + "/inbox/waits.png")
    usleep(4_000_000)
    daemon.stop()
    // Kept for the next start.
    _ = try daemon.client.change(ControlRequest(.resume))
    let queue = try DatabaseQueue(path: daemon.root + "/state.sqlite")
    corpus = try queue.read { db in
      try Self.texts.flatMap { table, column in
        try String.fetchAll(db, sql: "SELECT \(column) FROM \(table) WHERE \(column) IS NOT NULL")
      }
    }.map { Array($0.utf8) }
    try queue.close()
    try FileManager.default.copyItem(atPath: daemon.root, toPath: template)
  }

  private struct Refused: Error {}

  deinit { try? FileManager.default.removeItem(atPath: template) }

  func read(_ text: [UInt8]) -> String? {
    do {
      try FileManager.default.removeItem(atPath: daemon.root)
      try FileManager.default.copyItem(atPath: template, toPath: daemon.root)
      try damage(String(decoding: text, as: UTF8.self))
    } catch {
      return "the store cannot be damaged: \(error)"
    }
    guard daemon.start(within: 10) else {
      // The daemon may refuse to work, but must report it and end by itself.
      let status = daemon.process > 0 ? daemon.stop() : 0
      return status < 0 ? "the daemon ended with \(status) at its start" : nil
    }
    let end = Stopwatch.wall() + 0.7
    while Stopwatch.wall() < end {
      if let complaint = daemon.slowness() { return complaint }
      look()
      usleep(100_000)
    }
    let status = daemon.stop()
    return status < 0 ? "the daemon ended with \(status)" : nil
  }

  /// Queries the store like the command line.
  private func look() {
    guard let records = try? daemon.client.records() else { return }
    _ = try? records.overview()
    for job in (try? records.jobs(in: JobState.allCases, newestFirst: true, limit: 50, after: nil))
      ?? []
    {
      _ = try? records.attempts(of: job.id)
      _ = try? daemon.client.answer(job)
    }
    _ = try? records.events(of: nil, after: 0, limit: 100)
  }

  private func damage(_ text: String) throws {
    let queue = try DatabaseQueue(path: daemon.root + "/state.sqlite")
    try queue.write { db in
      try db.execute(sql: "PRAGMA ignore_check_constraints = ON")
      for _ in 0...mutator.number(below: 3) {
        let (table, columns) = Self.columns[mutator.number(below: Self.columns.count)]
        let column = columns[mutator.number(below: columns.count)]
        let number = Self.numbers[mutator.number(below: Self.numbers.count)]
        try? db.execute(sql: "UPDATE \(table) SET \(column) = ?", arguments: [number])
      }
      let (table, column) = Self.texts[mutator.number(below: Self.texts.count)]
      try? db.execute(sql: "UPDATE \(table) SET \(column) = ?", arguments: [text])
    }
    try queue.close()
  }
}
