import CLinux
import Diagnostics
import WorkerProtocol

@preconcurrency import Glibc

/// The data waiting to be sent to a worker: lines, and open files with some of them.
struct WorkerInput {
  private var pieces: [(bytes: [UInt8], files: [OpenedFile])] = []
  private var sent = 0

  /// Whether everything has been sent.
  var isEmpty: Bool { pieces.isEmpty }

  /// Adds a command.
  ///
  /// - Throws: `pipe.encoding`.
  mutating func add(_ command: WorkerCommand) throws(Failure) {
    pieces.append((try JSONLine.encode(command), []))
  }

  /// Adds a job and its media.
  ///
  /// - Throws: `pipe.encoding`.
  mutating func add(_ job: WorkerJob, _ media: [OpenedFile]) throws(Failure) {
    let most = linux_most_files
    for start in stride(from: 0, to: media.count, by: most) {
      let part = Array(media[start..<min(media.count, start + most)])
      pieces.append((try JSONLine.encode(WorkerCommand.files(part.count)), part))
    }
    try add(.job(job))
  }

  /// Sends as much as possible without waiting.
  mutating func send(to socket: Int32) {
    while let first = pieces.first {
      // Descriptors are sent with the first byte of their line.
      let files = sent == 0 ? first.files.map(\.descriptor) : []
      let count = first.bytes.withUnsafeBytes { bytes in
        linux_send_files(
          socket, bytes.baseAddress?.advanced(by: sent), bytes.count - sent, files,
          Int32(files.count))
      }
      if count < 0, errno == EINTR { continue }
      // A full pipe is tried again later; a broken one is noticed when the process is checked.
      guard count > 0 else { return }
      sent += count
      if sent == first.bytes.count {
        pieces.removeFirst()
        sent = 0
      }
    }
  }
}
