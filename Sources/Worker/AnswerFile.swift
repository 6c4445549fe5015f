import Diagnostics

@preconcurrency import Glibc

/// Writes an answer; the daemon brings it to disk and into the outbox.
enum AnswerFile {
  /// Writes text to a new file.
  ///
  /// - Throws: `worker.write`.
  static func write(_ text: String, to path: String) throws(Failure) {
    let file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o640)
    guard file >= 0 else { throw failure(path, errno) }
    defer { close(file) }
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw failure(path, errno) }
      rest = rest.dropFirst(count)
    }
  }

  private static func failure(_ path: String, _ number: Int32) -> Failure {
    Failure(
      .fault, code: number == ENOSPC ? "spool.disk-full" : "worker.write",
      "\(path) cannot be written: \(String(cString: strerror(number)))",
      remedy: "Check that there is space on the disk of the spool.")
  }
}
