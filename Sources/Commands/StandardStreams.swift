import Diagnostics
import Glibc

/// Standard input by lines, which end at one byte only, read a megabyte at a time.
struct StandardInput {
  private var buffer: [UInt8] = []
  private var start = 0
  private var isAtEnd = false

  /// The next line without the byte that ends it, or `nil` at the end; a last line may lack that byte.
  ///
  /// - Parameter ending: a line feed, or whatever else ends lines.
  mutating func line(ending: UInt8 = 0x0A) throws(Failure) -> ArraySlice<UInt8>? {
    var searched = start
    while true {
      if let end = buffer[searched...].firstIndex(of: ending) {
        defer { start = end + 1 }
        return buffer[start..<end]
      }
      if isAtEnd {
        defer { start = buffer.count }
        return start < buffer.count ? buffer[start...] : nil
      }
      buffer.removeSubrange(..<start)
      start = 0
      searched = buffer.count
      try fill()
    }
  }

  /// All remaining bytes.
  mutating func rest() throws(Failure) -> ArraySlice<UInt8> {
    while !isAtEnd { try fill() }
    defer { start = buffer.count }
    return buffer[start...]
  }

  private mutating func fill() throws(Failure) {
    let room = 1 << 20
    let used = buffer.count
    buffer += repeatElement(0, count: room)
    let count = buffer.withUnsafeMutableBytes { bytes in
      read(STDIN_FILENO, bytes.baseAddress?.advanced(by: used), room)
    }
    buffer.removeSubrange((used + max(0, count))...)
    if count == 0 { isAtEnd = true }
    if count < 0, errno != EINTR {
      throw Failure(
        .fault, code: .commandInput,
        "standard input cannot be read: \(String(cString: strerror(errno)))")
    }
  }
}

/// Standard output, buffered and written in pieces of 64 KiB and more.
struct StandardOutput {
  private var buffer: [UInt8] = []

  /// Adds bytes.
  mutating func write(_ bytes: some Sequence<UInt8>) throws(Failure) {
    buffer += bytes
    if buffer.count >= 1 << 16 { try flush() }
  }

  /// Writes the buffered bytes.
  mutating func flush() throws(Failure) {
    var done = 0
    while done < buffer.count {
      let count = buffer.withUnsafeBytes { bytes in
        Glibc.write(STDOUT_FILENO, bytes.baseAddress?.advanced(by: done), bytes.count - done)
      }
      if count >= 0 {
        done += count
      } else if errno != EINTR {
        throw Failure(
          .fault, code: .commandOutput,
          "standard output cannot be written: \(String(cString: strerror(errno)))")
      }
    }
    buffer.removeAll(keepingCapacity: true)
  }
}
