import CFFmpeg
import Diagnostics

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// One regular file, opened once.
///
/// FFmpeg never gets a path or a URL. It reads through callbacks on this descriptor, so that only this
/// one file can be read, whatever its content refers to.
final class SourceFile {
  /// The last part of the path, for messages.
  let name: String
  /// The path for messages; only the name where the path means nothing to the user.
  let shown: String
  /// The size in bytes when the file was opened.
  let size: Int
  private let descriptor: Int32

  init(path: String) throws(Failure) {
    let parts = path.split(separator: "/", omittingEmptySubsequences: true)
    name = parts.last.map(String.init) ?? path
    guard !path.isEmpty, !path.utf8.contains(0) else {
      throw Failure(
        .missingInput, code: .mediaMissing, "the name of a file is empty or has a NUL in it")
    }
    let passed = PassedFile.descriptor(path)
    shown = passed == nil ? path : name
    // Without O_NONBLOCK, opening a FIFO without a writer would block forever.
    descriptor =
      passed.map { fcntl($0, F_DUPFD_CLOEXEC, 0) }
      ?? open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY)
    guard descriptor >= 0 else {
      let number = errno
      let reason = String(cString: strerror(number))
      throw number == ENOENT
        ? Failure(.missingInput, code: .mediaMissing, "\(shown) does not exist")
        : Failure(.missingInput, code: .mediaUnreadable, "\(shown) cannot be opened: \(reason)")
    }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      close(descriptor)
      throw Failure(
        .badInput, code: .mediaNotAFile, "\(shown) is not a regular file",
        remedy: "Hand in a picture or video file; folders, pipes and devices are not read.")
    }
    guard status.st_size > 0 else {
      close(descriptor)
      throw Failure(
        .badInput, code: .mediaEmpty, "\(name) is empty (0 bytes)",
        remedy: "Copy the file again; the copy may have been interrupted.")
    }
    size = Int(status.st_size)
  }

  deinit { close(descriptor) }

  /// Reads up to `count` bytes at `offset`; returns their number, 0 at the end, or a negative `errno`.
  func read(at offset: Int, into buffer: UnsafeMutableRawPointer, count: Int) -> Int {
    while true {
      let got = pread(descriptor, buffer, count, off_t(offset))
      if got >= 0 { return got }
      if errno != EINTR { return -Int(errno) }
    }
  }

  /// Up to `count` bytes from the start; fewer if the file is shorter.
  func head(_ count: Int) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: min(count, size)) { buffer, used in
      guard let base = buffer.baseAddress else { return }
      while used < buffer.count {
        let got = read(at: used, into: base + used, count: buffer.count - used)
        if got <= 0 { return }
        used += got
      }
    }
  }

  /// A read position in the file, for FFmpeg's callbacks.
  final class Cursor {
    let file: SourceFile
    let progress: ReadingProgress?
    var offset = 0

    init(_ file: SourceFile, progress: ReadingProgress? = nil) {
      self.file = file
      self.progress = progress
    }
  }
}
