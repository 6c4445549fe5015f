import Diagnostics
import FoundationEssentials
import WorkerProtocol

@testable import Spool

/// The spool left by a power cut, with a daemon that runs on it until nothing is left to do.
final class CutSpool {
  let path: String
  let store: JobStore
  let settings: Settings
  private let layout: SpoolLayout
  private let workers = FakeWorkers()
  private let digests: Digests
  private(set) var messages: [String] = []

  /// The ids of jobs that a worker got.
  var asked: Set<String> { Set(workers.jobs.map(\.id)) }

  /// Starts on a folder.
  init(path: String, settings: Settings, digests: Digests) throws {
    self.path = path
    self.settings = settings
    self.digests = digests
    let calls = SystemCalls()
    layout = try SpoolLayout(path: path, calls: calls)
    store = try JobStore(path: SpoolLayout.store(in: path), calls: calls)
  }

  /// Runs until all jobs have ended.
  ///
  /// - Returns: whether all of them ended.
  func run() throws -> Bool {
    workers.behavior = { [digests, path, store] job in
      let claimed = (try? store.job(job.id))?.claim.media ?? []
      let found = claimed.map {
        digests.file(
          "\(path)/work/\(job.id)/input/" + String(decoding: $0.file.bytes, as: UTF8.self))
      }
      if found.contains(where: \.isBad) {
        return .fails(Failure(.badInput, code: FailureCode(rawValue: "media.bad"), "no picture"))
      }
      let media = found.map { "{\"digest\":\"sha256:\($0.digest)\"}" }.joined(separator: ",")
      return .writes("{\"questions\":[{\"prompt\":\"?\",\"answer\":\"a\"}],\"media\":[\(media)]}")
    }
    // Well after the time of the record, so that all waits are over.
    let time = TestClock()
    time.advance(Double(SpoolClock.system.wall() - time.now) / 1000 + 600)
    let spooler = try Spooler(
      layout: layout, store: store, settings: settings, launcher: workers, clock: time.clock
    ) { [weak self] in self?.messages.append("\($0) \($1 ?? ""): \($2)") }
    try spooler.start()
    _ = spooler.handle(ControlRequest(.resume))
    defer { spooler.dispatcher.releaseAll() }
    var quiet = 0
    for _ in 0..<200 {
      spooler.step()
      time.advance(0.3)
      let active = try store.ids(in: JobState.allCases.filter { !$0.isFinal })
      // A job that waits for something lost waits for a while.
      quiet = active.isEmpty && !spooler.dispatcher.isBusy ? quiet + 1 : 0
      if quiet >= (files(in: "inbox").isEmpty ? 2 : 15) { return true }
    }
    return false
  }

  /// The names in a folder of the spool.
  func names(_ folder: String) -> [String] {
    (try? FileManager.default.contentsOfDirectory(atPath: path + "/" + folder))?.sorted() ?? []
  }

  /// All files below a folder of the spool, but for hidden ones.
  func files(in folder: String) -> [String] {
    names(folder).filter { !$0.hasPrefix(".") }.flatMap { name in
      let inner = folder + "/" + name
      var isFolder = false
      guard FileManager.default.fileExists(atPath: path + "/" + inner, isDirectory: &isFolder)
      else { return [String]() }
      return isFolder ? files(in: inner) : [inner]
    }
  }

  /// The SHA-256 of all files below a folder of the spool.
  func digests(in folder: String) -> Set<String> {
    Set(files(in: folder).map { digests.file(path + "/" + $0).digest })
  }

  /// The SHA-256 of an answer's sources, sorted; `nil` without a complete answer.
  func sources(ofAnswer id: String) -> [String]? {
    guard let bytes = try? Data(contentsOf: URL(filePath: path + "/outbox/\(id)/answer.json")),
      let answer = try? JSONDecoder().decode(Answer.self, from: bytes)
    else { return nil }
    return answer.media.map { String($0.digest.dropFirst("sha256:".count)) }.sorted()
  }

  /// Whether a job that was given up has an error file.
  func hasError(_ id: String) -> Bool {
    guard let bytes = try? Data(contentsOf: URL(filePath: path + "/failed/\(id)/error.json"))
    else { return false }
    return (try? JSONDecoder().decode(ErrorDocument.self, from: bytes)) != nil
  }

  private struct Answer: Decodable {
    struct Medium: Decodable {
      let digest: String
    }
    let media: [Medium]
  }
}
