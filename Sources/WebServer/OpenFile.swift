@preconcurrency import Glibc

/// A regular file that is open for reading.
public final class OpenFile: Sendable {
  /// Its descriptor.
  public let descriptor: Int32
  /// Its bytes when it was opened.
  public let count: Int

  /// Opens a file; `nil` where there is none, or something that is not a regular file.
  ///
  /// - Parameter path: a path whose last part may not be a link.
  public init?(_ path: String) {
    descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
    var status = stat()
    guard descriptor >= 0, fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG
    else {
      count = 0
      return nil
    }
    count = Int(status.st_size)
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// Bytes from a place of the file; fewer at its end, none where it cannot be read.
  func read(at place: Int, most: Int) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: most) { buffer, count in
      count = max(0, pread(descriptor, buffer.baseAddress, most, off_t(place)))
    }
  }
}
