import Answers
import Basics
import CLinux
import Diagnostics
import WorkerProtocol

@preconcurrency import Glibc
@testable import Spool

/// Workers without processes: their messages are produced when the daemon reads.
final class FakeWorkers: WorkerLauncher {
  /// What a worker does with a job.
  enum Behavior {
    /// Writes an answer and reports it.
    case answers
    /// Writes this text as its answer and reports it.
    case writes(String)
    /// Writes an answer and reports it with this summary.
    case reports(WorkerSummary)
    /// Reports a failure.
    case fails(Failure)
    /// Starts on the media, and then reports a failure.
    case looksAndFails(Failure)
    /// Ends.
    case dies(signal: Int)
    /// Says which model it opened, then a signal ends it.
    case opensAndDies(AnswerDocument.Model)
    /// Reports its memory plan, and ends.
    case plansAndDies(WorkerPlan, signal: Int)
    /// Reports its memory plan, and answers, with this peak.
    case plansAndAnswers(WorkerPlan, peak: Int)
    /// Sends nothing.
    case hangs
    /// Reports that it is done, but wrote nothing.
    case lies
    /// Announces a file, sends bytes, and reports that it is done.
    case sends(WorkerFile, [UInt8])
    /// Stops when asked to, and sends nothing else.
    case obeys
  }

  var behavior: (WorkerJob) -> Behavior = { _ in .answers }
  /// The jobs that workers got, in order.
  var jobs: [WorkerJob] = []
  /// The contents of the files that came with each of them.
  var contents: [[String]] = []
  /// The models that workers were started for.
  var models: [String] = []
  var launches = 0

  func launch(model: String) throws -> any WorkerHandle {
    launches += 1
    models.append(model)
    return try FakeWorker(self)
  }
}

final class FakeWorker: WorkerHandle {
  private let workers: FakeWorkers
  private var ends: [Int32] = [-1, -1]
  private var lines = LineBuffer()
  private var job: WorkerJob?
  private var contents: [String] = []
  private var exit: WorkerExit?

  init(_ workers: FakeWorkers) throws {
    self.workers = workers
    guard
      socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue), 0, &ends)
        == 0
    else { throw CallFailure(operation: .open, path: "pipe", number: errno) }
  }

  deinit {
    close(ends[0])
    if ends[1] >= 0 { close(ends[1]) }
  }

  var descriptor: Int32 {
    // The daemon is about to read or write, so its previous commands are handled now.
    work()
    return ends[0]
  }
  var process: Int { 4711 }
  var memory: Int? { 1000 }
  func kill() { end(signal: 9) }
  func ended() -> WorkerExit? { exit }

  private func end(signal: Int) {
    guard exit == nil else { return }
    exit = WorkerExit(status: nil, signal: signal)
    close(ends[1])
    ends[1] = -1
  }

  private func work() {
    guard exit == nil else { return }
    var piece = [UInt8](repeating: 0, count: 4096)
    while true {
      var files = [Int32](repeating: -1, count: linux_most_files)
      var fileCount: Int32 = 0
      let count = linux_receive_files(ends[1], &piece, piece.count, &files, &fileCount)
      guard count > 0 else { break }
      lines.append(piece.prefix(count))
      for file in files.prefix(Int(max(0, fileCount))) { contents.append(Self.text(file)) }
    }
    while let line = try? lines.next() {
      guard let command = try? JSONLine.decode(WorkerCommand.self, line) else { continue }
      switch command {
      case .job(let job):
        self.job = job
        workers.jobs.append(job)
        workers.contents.append(contents)
        contents = []
        begin(job)
      case .files: break
      case .cancel:
        if let job, case .obeys = workers.behavior(job) { say(.cancelled) }
      }
    }
  }

  private func begin(_ job: WorkerJob) {
    switch workers.behavior(job) {
    case .answers: answer(job, Self.summary)
    case .writes(let text): answer(job, Self.summary, text)
    case .reports(let summary): answer(job, summary)
    case .plansAndAnswers(let plan, let peak):
      say(.planned(plan))
      var summary = Self.summary
      summary.peakMemory = peak
      summary.predictedMemory = plan.predicted
      answer(job, summary)
    case .opensAndDies(let model):
      say(.opened(model))
      end(signal: 11)
    case .plansAndDies(let plan, let signal):
      say(.planned(plan))
      end(signal: signal)
    case .sends(let file, let bytes):
      send(bytes, announced: file)
      say(.done(Self.summary))
    case .lies: say(.done(Self.summary))
    case .looksAndFails(let failure):
      say(.progress(WorkerProgress(stage: "media", share: 0, prompt: 0, prompts: 1)))
      say(.failed(ErrorReport(failure)))
    case .fails(let failure): say(.failed(ErrorReport(failure)))
    case .dies(let signal): end(signal: signal)
    case .hangs, .obeys: break
    }
  }

  private func answer(_ job: WorkerJob, _ summary: WorkerSummary, _ text: String? = nil) {
    let answer = text ?? Self.document(job)
    send(
      Array(answer.utf8), announced: WorkerFile(name: "answer.json", size: answer.utf8.count))
    say(.done(summary))
  }

  private func send(_ bytes: [UInt8], announced file: WorkerFile) {
    say(.file(file))
    _ = write(ends[1], bytes, bytes.count)
  }

  /// The document of a job that is answered with “fine”.
  private static func document(_ job: WorkerJob) -> String {
    var document = AnswerDocument(
      job: job.origin.ended("done", Timestamp.now).job, host: job.origin.host,
      model: AnswerDocument.Model(path: job.model.path, weights: nil),
      media: job.media.map { AnswerDocument.Medium(name: $0.name, bytes: nil) },
      questions: job.prompts.map { AnswerDocument.Question(prompt: $0) })
    for index in document.questions.indices { document.questions[index].answer = "fine" }
    return (try? document.json()) ?? ""
  }

  /// The first bytes of a file, which is closed.
  private static func text(_ file: Int32) -> String {
    var bytes = [UInt8](repeating: 0, count: 64)
    let count = pread(file, &bytes, bytes.count, 0)
    close(file)
    return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
  }

  private func say(_ event: WorkerEvent) {
    guard let bytes = try? JSONLine.encode(event) else { return }
    _ = write(ends[1], bytes, bytes.count)
  }

  static let summary = WorkerSummary(
    answer: "fine", peakMemory: 1000, seconds: ["vision": 1], visualTokens: 10,
    visualTokensLeft: 5)
}
