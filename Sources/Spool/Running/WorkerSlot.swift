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
    let deadline: Int
    /// When it last made progress, by the steady clock.
    var lastProgress: Int
    var progress: WorkerProgress?
    /// How its questions were fitted into memory: of several, the one that needs most.
    var plan: WorkerPlan?
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
  private var input = LineBuffer()
  private var output: [UInt8] = []

  /// The pipe's descriptor, or -1.
  var descriptor: Int32 { handle?.descriptor ?? -1 }
  /// Whether there is something to write that did not fit into the pipe yet.
  var wantsToWrite: Bool { !output.isEmpty }

  /// Gives the worker a job, starting it if there is none.
  func begin(
    _ job: Job, _ command: WorkerJob, deadline: Int, now: Int, launcher: any WorkerLauncher
  ) throws {
    if handle == nil {
      handle = try launcher.launch()
      input = LineBuffer()
      output = []
    }
    running = Running(
      job: job, started: now, deadline: deadline, lastProgress: now, progress: nil, stopping: nil)
    output += try JSONLine.encode(WorkerCommand.job(command))
    write()
  }

  /// Asks the worker to give up its job, and kills it if it does not within `patience`.
  func stop(_ ending: Attempt.Ending, now: Int, patience: Int) {
    guard running?.stopping == nil else { return }
    running?.stopping = Stopping(ending: ending, killAt: now + patience)
    if patience > 0, let line = try? JSONLine.encode(WorkerCommand.cancel) {
      output += line
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

  /// Lets the worker go.
  func release() {
    handle?.kill()
    handle = nil
  }

  /// Writes what fits into the pipe.
  func write() {
    while !output.isEmpty, descriptor >= 0 {
      let count = output.withUnsafeBytes {
        send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      if count < 0, errno == EINTR { continue }
      // A full pipe takes more later; a broken one shows when the process is looked at.
      guard count > 0 else { return }
      output.removeFirst(count)
    }
  }

  /// Reads what the worker says.
  ///
  /// - Parameter now: by the steady clock.
  func news(now: Int) -> [News] {
    guard let handle else { return [] }
    var news: [News] = []
    let isOpen = readAll(handle.descriptor)
    do {
      while let line = try input.next() {
        switch try JSONLine.decode(WorkerEvent.self, line) {
        case .ready: running?.lastProgress = now
        case .progress(let progress):
          // Only what is new counts: saying the same again is not getting on.
          if progress != running?.progress { running?.lastProgress = now }
          running?.progress = progress
        case .planned(let plan):
          running?.lastProgress = now
          if plan.predicted >= running?.plan?.predicted ?? 0 { running?.plan = plan }
        case .done(let summary): news.append(.done(summary))
        case .failed(let error): news.append(.failed(error))
        case .cancelled: news.append(.cancelled)
        }
      }
    } catch {
      // What does not speak the protocol is no worker.
      handle.kill()
    }
    if !isOpen {
      // Without its pipe a worker is of no use, and it knows: it is ending.
      handle.kill()
    }
    if let exit = handle.ended() {
      news.append(.ended(exit))
      self.handle = nil
      idleSince = now
    }
    return news
  }

  /// Pieces of 16 KiB that are read before others are attended to.
  private static let mostPieces = 64

  /// Reads what is there; of a worker that never stops talking, some of it.
  ///
  /// - Returns: whether the other end is still open.
  private func readAll(_ descriptor: Int32) -> Bool {
    var piece = [UInt8](repeating: 0, count: 1 << 14)
    for _ in 0..<Self.mostPieces {
      let count = piece.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
      if count > 0 {
        input.append(piece.prefix(count))
      } else if count == 0 {
        return false
      } else if errno != EINTR {
        return errno == EAGAIN
      }
    }
    return true
  }
}
