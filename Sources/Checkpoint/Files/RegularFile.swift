@preconcurrency import Glibc

import Diagnostics

/// A regular file that is open for reading, closed when it goes out of scope.
struct RegularFile: ~Copyable {
  let path: String
  let descriptor: Int32
  /// The length in bytes when it was opened.
  let size: Int

  init(path: String) throws(Failure) {
    // Without O_NONBLOCK, opening a FIFO without a writer would block forever. Links are followed,
    // because the Hugging Face cache consists of them.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else {
      switch errno {
      case ENOENT, ENOTDIR:
        throw Failure(
          .missingInput, code: .checkpointFileMissing, "\(path): no such file",
          remedy: "Check the path; a link may point to a file that was removed.")
      case ENXIO, ENODEV:
        throw Self.notAFile(path)
      case let code:
        throw Self.unreadable(path, code)
      }
    }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      let code = errno
      close(descriptor)
      throw Self.unreadable(path, code)
    }
    guard status.st_mode & S_IFMT == S_IFREG else {
      close(descriptor)
      throw Self.notAFile(path)
    }
    self.path = path
    self.descriptor = descriptor
    self.size = Int(status.st_size)
  }

  deinit {
    close(descriptor)
  }

  /// Whether there is something of this name. A broken link counts, so that opening it reports the error.
  static func exists(_ path: String) -> Bool {
    var status = stat()
    return lstat(path, &status) == 0
  }

  /// The length in bytes and the time of the last change of the contents, in seconds since 1970.
  consuming func sizeAndChange() throws(Failure) -> (size: Int, changed: Int) {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw Self.unreadable(path, errno) }
    return (Int(status.st_size), status.st_mtim.tv_sec)
  }

  /// The whole file, at most `limit` bytes of it.
  consuming func contents(limit: Int) throws(Failure) -> [UInt8] {
    guard size <= limit else {
      throw Failure(
        .modelUnusable, code: .checkpointFileTooLarge,
        "\(path): \(size) bytes, at most \(limit) expected",
        remedy: "Download the file again: it is not what its name says.")
    }
    var bytes = [UInt8](repeating: 0, count: size)
    var filled = 0
    while filled < size {
      let count = bytes.withUnsafeMutableBytes { buffer in
        pread(descriptor, buffer.baseAddress?.advanced(by: filled), size - filled, off_t(filled))
      }
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw Self.unreadable(path, errno) }
      // Zero means that the file has become shorter since it was opened.
      guard count > 0 else { break }
      filled += count
    }
    bytes.removeLast(size - filled)
    return bytes
  }

  static func notAFile(_ path: String) -> Failure {
    Failure(
      .modelUnusable, code: .checkpointNotAFile, "\(path): not a regular file",
      remedy: "Copy the contents to a regular file: only such files can be read in place.")
  }

  static func unreadable(_ path: String, _ code: Int32) -> Failure {
    Failure(
      .missingInput, code: .checkpointFileUnreadable,
      "\(path): \(String(cString: strerror(code)))",
      remedy: "Check the permissions of the file and of the folders above it.")
  }
}
