import Diagnostics
import WorkerProtocol

@preconcurrency import Glibc

/// Writes the files of an answer that a worker sends into the job's output folder.
///
/// The worker itself may not write files and never holds a descriptor of an answer. So a worker that is
/// taken over later cannot change a delivered answer.
final class WorkerOutput {
  /// The most bytes of an answer's files together: the largest reports have some tens of megabytes.
  static let maxBytes = 2 << 30
  /// The most files of an answer.
  static let maxFiles = 20_000

  private let folder: Folder
  private var file: OpenedFile?
  private var name = ""
  /// Bytes of the current file that have not arrived yet.
  private(set) var missing = 0
  private var bytes = 0
  private var files = 0
  /// The first reason why a file could not be written.
  private(set) var failure: Failure?

  init(_ folder: Folder) { self.folder = folder }

  /// Starts a file; `missing` bytes of it follow.
  ///
  /// - Throws: `pipe.file` for a file that no proper worker would send.
  func begin(_ next: WorkerFile) throws(Failure) {
    guard next.hasPlainName, next.size >= 0, next.size <= Self.maxBytes - bytes,
      files < Self.maxFiles
    else {
      throw Failure(
        .fault, code: .pipeFile,
        "the worker sends a file that is not part of an answer: \(BytePath(next.name)), "
          + "\(next.size) bytes")
    }
    bytes += next.size
    files += 1
    missing = next.size
    name = next.name
    file = nil
    attempt {
      // Always a new file, so that nothing that another process put there is overwritten in place.
      try folder.remove(BytePath(name))
      let shown = folder.shown(BytePath(name))
      file = OpenedFile(
        descriptor: try folder.calls.call(.open, shown) {
          openat(
            folder.descriptor, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o660)
        })
    }
  }

  /// Writes a piece of the current file.
  ///
  /// - Parameter piece: at most `missing` bytes.
  func take(_ piece: [UInt8]) {
    missing -= piece.count
    attempt {
      guard let file else { return }
      var done = 0
      while done < piece.count {
        done += try piece.withUnsafeBytes { buffer in
          try folder.calls.call(.write, folder.shown(BytePath(name))) {
            write(file.descriptor, buffer.baseAddress?.advanced(by: done), buffer.count - done)
          }
        }
      }
    }
    if missing == 0 { file = nil }
  }

  /// Calls `body` unless something failed before; the rest of the worker's data is still read.
  private func attempt(_ body: () throws -> Void) {
    guard failure == nil else { return }
    do {
      try body()
    } catch {
      failure = Failure.describing(error)
    }
  }
}
