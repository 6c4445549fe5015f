@preconcurrency import Glibc

/// A file that other programs read while it is being replaced.
enum MetricsFile {
  /// Replaces the file by a rename, so that readers see it whole. It need not survive a power cut.
  static func write(_ text: String, to path: String) throws {
    let temporary = path + ".\(getpid()).tmp"
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o644)
    guard descriptor >= 0 else {
      throw CallFailure(operation: .open, path: temporary, number: errno)
    }
    // Readable for programs of all users.
    fchmod(descriptor, 0o644)
    let bytes = Array(text.utf8)
    let count = Glibc.write(descriptor, bytes, bytes.count)
    let number = errno
    close(descriptor)
    guard count == bytes.count, rename(temporary, path) == 0 else {
      unlink(temporary)
      throw CallFailure(
        operation: .write, path: path, number: count == bytes.count ? errno : number)
    }
  }
}
