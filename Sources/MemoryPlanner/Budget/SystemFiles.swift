@preconcurrency import Glibc

/// Small files of `/proc` and `/sys`, below a root that tests can replace.
struct SystemFiles: Sendable {
  let root: String

  /// A file's text, or `nil` where it cannot be read. At most 64 KiB: none of these is larger.
  func text(_ path: String) -> String? {
    guard let file = fopen(root + path, "re") else { return nil }
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 1 << 16)
    let count = fread(&bytes, 1, bytes.count, file)
    return String(decoding: bytes.prefix(count), as: UTF8.self)
  }

  /// A file that holds one number, or `nil` where it does not (`max` is none).
  func number(_ path: String) -> Int? {
    text(path).flatMap { Int($0.filter { !$0.isWhitespace }) }
  }

  /// The number behind `name` in a file of `name value` lines, such as `memory.stat`.
  func field(_ name: String, of path: String) -> Int? {
    for line in text(path)?.split(separator: "\n") ?? [] {
      let words = line.split(whereSeparator: { $0 == " " || $0 == ":" || $0 == "\t" })
      if words.count > 1, words[0] == name { return Int(words[1]) }
    }
    return nil
  }
}
