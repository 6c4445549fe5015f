import Diagnostics
import WorkerProtocol

@preconcurrency import Glibc

/// A place for a worker: its process, while there is one, and the job it has.
final class WorkerSlot {
  /// A job that a worker has.
  struct Running {
    let job: Job
    /// By the steady clock.
    let started: Int
    /// When it has taken too long, by the steady clock.
    var deadline: Int
    /// When it last made progress, by the steady clock.
    var lastProgress: Int
    var progress: WorkerProgress?
    /// How its questions were fitted into memory: of several, the one that needs most.
    var plan: WorkerPlan?
    /// Whether the worker has begun to look at the job's media.
    var hasSeenMedia: Bool { progress.map { $0.stage != "loading" } ?? false }
    /// Where the files of its answer go.
    let output: WorkerOutput
    /// Why it is being ended by the daemon.
    var stopping: Stopping?
  }

  /// Why the daemon ends an attempt.
  struct Stopping {
    let ending: Attempt.Ending
    /// When the process is killed, by the steady clock.
    var killAt: Int
  }

  /// What a slot has to tell.
  enum News {
    case done(WorkerSummary)
    case failed(ErrorReport)
    case cancelled
    /// The process is gone.
    case ended(WorkerExit)
  }

  private(set) var handle: (any WorkerHandle)?
  var running: Running?
  /// Since when there is nothing to do, by the steady clock.
  private(set) var idleSince = 0
  /// What the worker that was started last is confined by; `nil` once it was asked for.
  private var cage: WorkerCage?
  /// The model that the worker was started for.
  private var model = ""
  private var input = LineBuffer()
  private var output = WorkerInput()

  /// The most bytes that are read in one go, so that no worker can hold the others up.
  private static let maxBytes = 4 << 20

  /// The pipe's descriptor, or -1.
  var descriptor: Int32 { handle?.descriptor ?? -1 }
  /// Whether there is something to write that did not fit into the pipe yet.
  var wantsToWrite: Bool { !output.isEmpty }

  /// A job for a worker: the command, its media, open, and the folder for the answer.
  struct Assignment {
    let command: WorkerJob
    let media: [OpenedFile]
    let output: Folder
  }

  /// Gives the worker a job, starting one if there is none, or none for this model.
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

  /// What a worker that was started since the last call is confined by.
  func takeCage() -> WorkerCage? {
    defer { cage = nil }
    return cage
  }

  /// Asks the worker to give up its job, and kills it if it does not within `patience`.
  func stop(_ ending: Attempt.Ending, now: Int, patience: Int) {
    guard running?.stopping == nil else { return }
    running?.stopping = Stopping(ending: ending, killAt: now + patience)
    if patience > 0, (try? output.add(.cancel)) != nil {
      write()
    } else {
      handle?.kill()
    }
  }

  /// Kills the worker; its end is news then.
  func killNow() {
    handle?.kill()
    // A process that hangs in the kernel is not asked again in a tight loop.
    running?.stopping?.killAt += 1000
  }

  /// Takes note that the job is not the worker's any more.
  func finish(now: Int) {
    running = nil
    idleSince = now
  }

  /// Takes note that for so many milliseconds nobody could look.
  func wasAsleep(for milliseconds: Int) {
    running?.deadline += milliseconds
    running?.lastProgress += milliseconds
    running?.stopping?.killAt += milliseconds
    idleSince += milliseconds
  }

  /// Lets the worker go.
  func release() {
    handle?.kill()
    handle = nil
  }

  /// Writes what fits into the pipe.
  func write() {
    if descriptor >= 0 { output.send(to: descriptor) }
  }

  /// Reads what the worker says.
  ///
  /// - Parameter now: by the steady clock.
  func news(now: Int) -> [News] {
    guard let handle else { return [] }
    var news: [News] = []
    let reading = read(handle.descriptor)
    do {
      // What comes behind the end of a job is heard when the next one has begun, if at all.
      while news.isEmpty, let line = try nextLine() {
        if let end = try hear(JSONLine.decode(WorkerEvent.self, line).plausible, now: now) {
          news.append(end)
        }
      }
    } catch {
      // What does not speak the protocol is no worker.
      handle.kill()
    }
    switch reading {
    // Its end is news only when all that it said before was heard.
    case .more: return news
    // Without its pipe a worker is of no use, and it knows: it is ending.
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

  /// The next line that is no part of a file.
  private func nextLine() throws(Failure) -> [UInt8]? {
    if let output = running?.output, output.missing > 0 {
      output.take(input.take(output.missing))
      if output.missing > 0 { return nil }
    }
    return try input.next()
  }

  /// Takes in what a worker says.
  ///
  /// - Returns: news, where it says that a job is over.
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
    case .progress(let progress):
      // Only what is new counts: saying the same again is not getting on.
      if progress != running?.progress { running?.lastProgress = now }
      running?.progress = progress
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

  /// What is left in the pipe after reading: nothing now, more, or nothing for ever.
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
