import Diagnostics
import Glibc

/// Whole files as bytes.
enum FileBytes {
  // The largest known tokenizer.json has 33 MB; a link to a device would have no end.
  static let limit = 256 << 20

  /// The bytes of a regular file, or `nil` where there is none.
  static func read(_ path: String) throws(Failure) -> [UInt8]? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    if descriptor < 0 {
      if errno == ENOENT { return nil }
      throw unreadable(path, String(cString: strerror(errno)))
    }
    defer { close(descriptor) }
    var info = stat()
    guard fstat(descriptor, &info) == 0 else {
      throw unreadable(path, String(cString: strerror(errno)))
    }
    guard info.st_mode & S_IFMT == S_IFREG else {
      throw unreadable(path, "it is not a regular file")
    }
    guard info.st_size <= limit else {
      throw unreadable(path, "it has \(info.st_size) bytes and at most \(limit) are read")
    }
    var bytes = [UInt8](repeating: 0, count: Int(info.st_size))
    var filled = 0
    while filled < bytes.count {
      let count = bytes.withUnsafeMutableBytes { buffer in
        Glibc.read(descriptor, buffer.baseAddress?.advanced(by: filled), buffer.count - filled)
      }
      if count < 0 {
        if errno == EINTR { continue }
        throw unreadable(path, String(cString: strerror(errno)))
      }
      if count == 0 { break }
      filled += count
    }
    bytes.removeSubrange(filled...)
    return bytes
  }

  private static func unreadable(_ path: String, _ reason: String) -> Failure {
    Failure(
      .modelUnusable, code: .tokenizerFileUnreadable, "\(path) cannot be read: \(reason)",
      remedy: "Make the file readable, or fetch the checkpoint again.")
  }
}
