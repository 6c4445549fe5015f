import Diagnostics

/// Collects bytes as they arrive and returns whole lines, or the bytes after a line.
public struct LineBuffer: Sendable {
  private var bytes: [UInt8] = []
  /// The index of the first byte that has not been returned.
  private var start = 0
  /// Before this index there is no line feed.
  private var searched = 0
  private let limit: Int

  /// An empty buffer.
  ///
  /// - Parameter limit: the most bytes of a line; a longer one is an error, so that a faulty sender
  ///   cannot fill the memory.
  public init(limit: Int = 1 << 22) { self.limit = limit }

  /// The number of bytes that have not been returned.
  public var count: Int { bytes.count - start }

  /// Adds bytes that were read.
  public mutating func append(_ more: some Sequence<UInt8>) {
    // Returned bytes are removed once they are more than half, so that no byte is moved often.
    if start > bytes.count / 2 {
      bytes.removeSubrange(..<start)
      searched -= start
      start = 0
    }
    bytes += more
  }

  /// The next whole line without its line feed, or `nil` until there is one.
  ///
  /// - Throws: `pipe.line` for a line over the limit.
  public mutating func next() throws(Failure) -> [UInt8]? {
    guard let end = bytes[searched...].firstIndex(of: 0x0A) else {
      searched = bytes.count
      guard count <= limit else {
        throw Failure(.fault, code: .pipeLine, "a line has more than \(limit) bytes")
      }
      return nil
    }
    defer { skip(to: end + 1) }
    return Array(bytes[start..<end])
  }

  /// Returns the available bytes after the last line.
  ///
  /// - Parameter most: the number of bytes wanted.
  public mutating func take(_ most: Int) -> [UInt8] {
    let end = start + max(0, min(most, bytes.count - start))
    defer { skip(to: end) }
    return Array(bytes[start..<end])
  }

  private mutating func skip(to place: Int) {
    start = place
    searched = place
  }
}
