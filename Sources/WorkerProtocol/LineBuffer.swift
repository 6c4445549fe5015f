import Diagnostics

/// Collects bytes as they come and hands out whole lines, in a time that grows with their bytes only.
public struct LineBuffer: Sendable {
  private var bytes: [UInt8] = []
  /// Where the next line begins.
  private var start = 0
  private var searched = 0
  private let limit: Int

  /// An empty buffer.
  ///
  /// - Parameter limit: the most bytes of a line; a longer one is an error, so that a sender gone
  ///   wrong cannot fill the memory.
  public init(limit: Int = 1 << 22) { self.limit = limit }

  /// Bytes that were not handed out yet.
  public var count: Int { bytes.count - start }

  /// Adds what was read.
  public mutating func append(_ more: some Sequence<UInt8>) {
    // What was handed out goes only when it is the larger part: each byte is moved once or twice.
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
        throw Failure(.fault, code: "pipe.line", "a line has more than \(limit) bytes")
      }
      return nil
    }
    let line = Array(bytes[start..<end])
    start = end + 1
    searched = start
    return line
  }
}
