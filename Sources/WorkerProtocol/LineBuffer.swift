import Diagnostics

/// Collects bytes as they come and hands out whole lines.
public struct LineBuffer: Sendable {
  private var bytes: [UInt8] = []
  private var searched = 0
  private let limit: Int

  /// An empty buffer.
  ///
  /// - Parameter limit: the most bytes of a line; a longer one is an error, so that a sender gone
  ///   wrong cannot fill the memory.
  public init(limit: Int = 1 << 22) { self.limit = limit }

  /// Adds what was read.
  public mutating func append(_ more: some Sequence<UInt8>) { bytes += more }

  /// The next whole line without its line feed, or `nil` until there is one.
  ///
  /// - Throws: `pipe.line` for a line over the limit.
  public mutating func next() throws(Failure) -> [UInt8]? {
    guard let end = bytes[searched...].firstIndex(of: 0x0A) else {
      searched = bytes.count
      guard bytes.count <= limit else {
        throw Failure(.fault, code: "pipe.line", "a line has more than \(limit) bytes")
      }
      return nil
    }
    let line = Array(bytes[..<end])
    bytes.removeSubrange(...end)
    searched = 0
    return line
  }
}
