@preconcurrency import Glibc

import Diagnostics

/// A file that appears under its name only when all of it is on disk.
///
/// Without `commit()` no file remains. Not for use from several threads at a time.
final class AtomicFile {
  private let path: String
  private let temporaryPath: String
  private var descriptor: Int32
  /// The first `errno` of a write; later writes are skipped.
  private var failedWith: Int32 = 0
  private var renamed = false

  init(path: String) throws(Failure) {
    var status = stat()
    if stat(path, &status) == 0, status.st_mode & S_IFMT != S_IFREG {
      // The rename would replace a device such as /dev/null by a file.
      throw Failure(
        .usage, code: .checkpointWriteTarget, "\(path): exists and is not a file",
        remedy: "Name a file to create or replace.")
    }
    let (folder, name) = Self.split(path)
    var descriptor: Int32 = -1
    var temporaryPath = ""
    // mkstemp would do, but its files are unreadable for others; here the umask decides.
    for _ in 0..<16 where descriptor < 0 {
      let mark = String(UInt64.random(in: .min ... .max), radix: 16)
      // 200 of the at most 255 bytes of a name, so that dots, mark and ending fit.
      let stem = String(decoding: name.utf8.prefix(200), as: UTF8.self)
      temporaryPath = "\(folder).\(stem).\(mark).tmp"
      descriptor = open(temporaryPath, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
      if descriptor < 0, errno != EEXIST { break }
    }
    guard descriptor >= 0 else {
      let code = errno
      let full = code == ENOSPC || code == EDQUOT || code == EIO
      throw Failure(
        full ? .fault : .missingInput, code: .checkpointWriteFailed,
        "\(path): \(String(cString: strerror(code)))",
        remedy: full
          ? "Free some space or choose another disk."
          : "Check that the folder exists and that you may write there.")
    }
    self.path = path
    self.temporaryPath = temporaryPath
    self.descriptor = descriptor
  }

  deinit {
    if descriptor >= 0 { close(descriptor) }
    if !renamed { unlink(temporaryPath) }
  }

  /// Appends bytes; a failure is reported by `commit()`.
  func write(_ bytes: UnsafeRawBufferPointer) {
    var rest = bytes
    while let base = rest.baseAddress, !rest.isEmpty, failedWith == 0 {
      let count = Glibc.write(descriptor, base, rest.count)
      if count < 0 {
        if errno != EINTR { failedWith = errno }
      } else {
        rest = UnsafeRawBufferPointer(rebasing: rest[count...])
      }
    }
  }

  /// Syncs the bytes to disk and gives the file its name.
  func commit() throws(Failure) {
    if failedWith == 0, fsync(descriptor) != 0 { failedWith = errno }
    // Some network file systems report a full disk only here.
    if close(descriptor) != 0, failedWith == 0 { failedWith = errno }
    descriptor = -1
    if failedWith == 0, rename(temporaryPath, path) != 0 { failedWith = errno }
    guard failedWith == 0 else {
      throw Failure(
        .fault, code: .checkpointWriteFailed,
        "\(path): \(String(cString: strerror(failedWith)))",
        remedy: "Free some space or choose another disk.")
    }
    renamed = true
    // The name itself is on disk only after the folder is synced. Not all file systems support that, and
    // the file is complete either way.
    let (folder, _) = Self.split(path)
    let folderDescriptor = open(folder.isEmpty ? "." : folder, O_RDONLY | O_CLOEXEC)
    if folderDescriptor >= 0 {
      fsync(folderDescriptor)
      close(folderDescriptor)
    }
  }

  /// The folder with its slash, empty for the current one, and the last part.
  private static func split(_ path: String) -> (folder: String, name: String) {
    // By bytes, because a combining mark after the slash would form another character with it.
    guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return ("", path) }
    let start = path.utf8.index(after: slash)
    return (String(path[..<start]), String(path[start...]))
  }
}
