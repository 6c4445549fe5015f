@preconcurrency import Glibc

/// Small files of `/proc` and `/sys`, below a root folder that tests can replace.
public struct SystemFiles: Sendable {
  /// The prefix of every path; empty for the system's own files.
  public let root: String

  /// The files below a root.
  public init(root: String = "") { self.root = root }

  /// A file's text, or `nil` where it cannot be read. At most 64 KiB: none of these is larger.
  public func text(_ path: String) -> String? {
    bytes(path).map { String(decoding: $0, as: UTF8.self) }
  }

  private func bytes(_ path: String) -> [UInt8]? {
    guard let file = fopen(root + path, "re") else { return nil }
    defer { fclose(file) }
    return [UInt8](unsafeUninitializedCapacity: 1 << 16) { buffer, count in
      count = buffer.baseAddress.map { fread($0, 1, buffer.count, file) } ?? 0
    }
  }

  /// The number in a file with one number; `nil` for any other content (such as `max`).
  public func number(_ path: String) -> Int? {
    text(path).flatMap { Int($0.filter { !$0.isWhitespace }) }
  }

  /// The number after `name` in a file of `name value` lines, such as `memory.stat`.
  public func field(_ name: String, of path: String) -> Int? {
    // By bytes, because this is read before every layer: with characters it took half of the time of a
    // job for a tiny model.
    guard let bytes = bytes(path) else { return nil }
    let name = Array(name.utf8)
    for line in bytes.split(separator: UInt8(ascii: "\n")) where line.starts(with: name) {
      let words = line.split { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: ":") || $0 == 9 }
      guard words.count > 1, words[0].elementsEqual(name) else { continue }
      return Int(String(decoding: words[1], as: UTF8.self))
    }
    return nil
  }
}
