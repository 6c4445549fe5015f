import Answers
import Diagnostics
import WorkerProtocol

@preconcurrency import Glibc

/// A slot for a worker: its process, if there is one, and its job.
final class WorkerSlot {
  /// A job in a worker.
  struct Running {
    let job: Job
    /// When it started, by the steady clock.
    let started: Int
    /// Its deadline, by the steady clock.
    var deadline: Int
    /// When it last made progress, by the steady clock.
    var lastProgress: Int
    var progress: WorkerProgress?
    /// What is written of its answer.
    var written = WrittenText()
    /// The memory plan of its questions: of several, the one that needs most.
    var plan: WorkerPlan?
    /// Whether the worker has started on the job's media.
    var hasSeenMedia: Bool { progress.map { $0.stage != "loading" } ?? false }
    /// The writer for the files of its answer.
    let output: WorkerOutput
    /// Why the daemon is stopping it.
    var stopping: Stopping?
  }

  /// Why the daemon stops an attempt.
  struct Stopping {
    let ending: Attempt.Ending
    /// When to kill the process, by the steady clock.
    var killAt: Int
  }

  /// The events of a slot.
  enum News {
    case done(WorkerSummary)
    case failed(ErrorReport)
    case cancelled
    /// The process has ended.
    case ended(WorkerExit)
  }

  private(set) var handle: (any WorkerHandle)?
  var running: Running?
  /// Since when the slot has been idle, by the steady clock.
  private(set) var idleSince = 0
  /// The restrictions on the latest worker; `nil` after `takeCage`.
  private var cage: WorkerCage?
  /// What the latest worker says of its model; `nil` after `takeOpened`.
  private var opened: AnswerDocument.Model?
  /// The model of the worker.
  private var model = ""
  private var input = LineBuffer()
  private var output = WorkerInput()

  /// The most bytes read at once, so that no worker delays the others.
  private static let maxBytes = 4 << 20

  /// The pipe's descriptor, or -1.
  var descriptor: Int32 { handle?.descriptor ?? -1 }
  /// Whether there is data that did not fit into the pipe yet.
  var wantsToWrite: Bool { !output.isEmpty }

  /// A job for a worker: the command, its open media, and the folder for the answer.
  struct Assignment {
    let command: WorkerJob
    let media: [OpenedFile]
    let output: Folder
  }

  /// Gives the worker a job, starting a worker if there is none for this model.
  func begin(
    _ job: Job, _ assignment: Assignment, deadline: Int, now: Int, launcher: any WorkerLauncher
  ) throws {
    let wanted = assignment.command.model.path
    if model != wanted { release() }
    if handle == nil {
      handle = try launcher.launch(model: wanted)
      model = wanted
      input = LineBuffer()
      output = WorkerInput()
    }
    running = Running(
      job: job, started: now, deadline: deadline, lastProgress: now, progress: nil,
      output: WorkerOutput(assignment.output), stopping: nil)
    try output.add(assignment.command, assignment.media)
    write()
  }

  /// The restrictions on a worker that was started since the last call.
  func takeCage() -> WorkerCage? {
    defer { cage = nil }
    return cage
  }

  /// What a worker has said of its model since the last call.
  func takeOpened() -> AnswerDocument.Model? {
    defer { opened = nil }
    return opened
  }

  /// Asks the worker to stop its job, and kills it if it does not stop within `patience`.
  func stop(_ ending: Attempt.Ending, now: Int, patience: Int) {
    guard running?.stopping == nil else { return }
    running?.stopping = Stopping(ending: ending, killAt: now + patience)
    if patience > 0, (try? output.add(.cancel)) != nil {
      write()
    } else {
      handle?.kill()
    }
  }

  /// Kills the worker; its end is reported as an event.
  func killNow() {
    handle?.kill()
    // A process that hangs in the kernel is not killed again in a tight loop.
    running?.stopping?.killAt += 1000
  }

  /// Records that the worker no longer has the job.
  func finish(now: Int) {
    running = nil
    idleSince = now
  }

  /// Extends the waits by the milliseconds in which nothing could be checked.
  func wasAsleep(for milliseconds: Int) {
    running?.deadline += milliseconds
    running?.lastProgress += milliseconds
    running?.stopping?.killAt += milliseconds
    idleSince += milliseconds
  }

  /// Releases the worker.
  func release() {
    handle?.kill()
    handle = nil
  }

  /// Writes as much as fits into the pipe.
  func write() {
    if descriptor >= 0 { output.send(to: descriptor) }
  }

  /// Reads the worker's messages.
  ///
  /// - Parameter now: the time by the steady clock.
  func news(now: Int) -> [News] {
    guard let handle else { return [] }
    var news: [News] = []
    let reading = read(handle.descriptor)
    do {
      // Messages after the end of a job are read when the next one has started, if at all.
      while news.isEmpty, let line = try nextLine() {
        if let end = try hear(JSONLine.decode(WorkerEvent.self, line).plausible, now: now) {
          news.append(end)
        }
      }
    } catch {
      // A process that does not follow the protocol is not a worker.
      handle.kill()
    }
    switch reading {
    // The end is reported only after all previous messages have been read.
    case .more: return news
    // Without its pipe a worker is useless; it notices that itself and ends.
    case .closed: handle.kill()
    case .all: break
    }
    if let exit = handle.ended() {
      news.append(.ended(exit))
      self.handle = nil
      idleSince = now
    }
    return news
  }

  /// The next line that does not belong to a file.
  private func nextLine() throws(Failure) -> [UInt8]? {
    if let output = running?.output, output.missing > 0 {
      output.take(input.take(output.missing))
      if output.missing > 0 { return nil }
    }
    return try input.next()
  }

  /// Handles a message of a worker.
  ///
  /// - Returns: an event, if the message says that a job has ended.
  private func hear(_ event: WorkerEvent, now: Int) throws(Failure) -> News? {
    if case .ready(let cage) = event {
      self.cage = cage
      running?.lastProgress = now
      return nil
    }
    guard let output = running?.output else {
      throw Failure(.fault, code: .pipeIdle, "a worker without a job has nothing to say")
    }
    switch event {
    case .ready: break
    case .opened(let model):
      running?.lastProgress = now
      opened = model
    case .progress(let progress):
      // Only a change counts as progress, not a repeated message.
      if progress != running?.progress { running?.lastProgress = now }
      running?.progress = progress
    case .text(let piece):
      running?.lastProgress = now
      running?.written.add(piece)
    case .planned(let plan):
      running?.lastProgress = now
      if plan.predicted >= running?.plan?.predicted ?? 0 { running?.plan = plan }
    case .file(let file):
      running?.lastProgress = now
      try output.begin(file)
    case .done(let summary):
      return output.failure.map { .failed(ErrorReport($0)) } ?? .done(summary)
    case .failed(let error): return .failed(error)
    case .cancelled: return .cancelled
    }
    return nil
  }

  /// The state of the pipe after a read: empty, more data, or closed.
  private enum Reading { case all, more, closed }

  private func read(_ descriptor: Int32) -> Reading {
    var piece = [UInt8](repeating: 0, count: 1 << 16)
    var total = 0
    while total < Self.maxBytes {
      let count = piece.withUnsafeMutableBytes {
        Glibc.read(descriptor, $0.baseAddress, $0.count)
      }
      if count > 0 {
        total += count
        input.append(piece.prefix(count))
      } else if count == 0 {
        return .closed
      } else if errno != EINTR {
        return errno == EAGAIN ? .all : .closed
      }
    }
    return .more
  }
}
