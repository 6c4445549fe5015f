import Basics
import CLinux
import Diagnostics
import Synchronization
import WorkerProtocol

@preconcurrency import Glibc

/// The worker's end of the pipe. A separate thread reads it, so that commands of the daemon arrive
/// during a job, too.
final class WorkerPipe: Sendable {
  private let descriptor: Int32
  private let isCancelled = Atomic(false)
  private let jobs = Mutex<[(WorkerJob, OpenFiles)]>([])
  /// Counts the jobs that have arrived.
  private let arrived: CountingSemaphore

  init(descriptor: Int32) {
    self.descriptor = descriptor
    arrived = CountingSemaphore()
  }

  /// Whether the daemon has cancelled the current job.
  var wantsCancel: Bool { isCancelled.load(ordering: .relaxed) }

  /// Starts reading on a separate thread; when the daemon closes the pipe, the process ends.
  func startReading() {
    let result = DetachedThread.start { self.read() }
    // A worker that cannot read is useless: the daemon sees it end and starts another.
    if result != 0 { exit(Failure.Kind.fault.exitStatus) }
  }

  /// Waits for the next job and its media.
  func nextJob() -> (WorkerJob, OpenFiles) {
    while true {
      arrived.wait()
      let job = jobs.withLock { $0.isEmpty ? nil : $0.removeFirst() }
      if let job { return job }
    }
  }

  /// Sends an event.
  func send(_ event: WorkerEvent) {
    guard var rest = (try? JSONLine.encode(event))?[...] else {
      exit(Failure.Kind.fault.exitStatus)
    }
    send(&rest)
  }

  /// Sends a file of the answer.
  func send(_ bytes: [UInt8], as name: String) {
    send(.file(WorkerFile(name: name, size: bytes.count)))
    var rest = bytes[...]
    send(&rest)
  }

  private func send(_ rest: inout ArraySlice<UInt8>) {
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      // The daemon has closed the pipe.
      guard count > 0 else { exit(0) }
      rest = rest.dropFirst(count)
    }
  }

  /// Receives bytes and the descriptors that come with them.
  private func receive(_ piece: inout [UInt8]) -> (count: Int, files: [Int32]) {
    var files = [Int32](repeating: -1, count: linux_most_files)
    var fileCount: Int32 = 0
    let count = piece.withUnsafeMutableBytes {
      linux_receive_files(descriptor, $0.baseAddress, $0.count, &files, &fileCount)
    }
    // Lost descriptors are noticed when their job comes.
    return (count, Array(files.prefix(Int(max(0, fileCount)))))
  }

  private func read() {
    var lines = LineBuffer(limit: 1 << 26)
    var piece = [UInt8](repeating: 0, count: 1 << 16)
    var files: [Int32] = []
    while true {
      let (count, received) = receive(&piece)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { _exit(0) }
      files += received
      lines.append(piece.prefix(count))
      do {
        while let line = try lines.next() {
          switch try JSONLine.decode(WorkerCommand.self, line) {
          case .job(let job):
            isCancelled.store(false, ordering: .relaxed)
            let media = OpenFiles(files)
            files = []
            jobs.withLock { $0.append((job, media)) }
            arrived.signal()
          case .files: break
          case .cancel: isCancelled.store(true, ordering: .relaxed)
          }
        }
      } catch {
        fputs("illavad worker: \(PlainText.lines("\(error)"))\n", stderr)
        _exit(Failure.Kind.fault.exitStatus)
      }
    }
  }
}
