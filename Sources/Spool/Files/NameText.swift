/// A name in lower case, made once for all patterns.
struct NameText: Sendable {
  /// The text; bytes that are not UTF-8 are replaced.
  let lower: String
  /// Its bytes.
  let bytes: [UInt8]

  init(_ name: BytePath) {
    lower = String(decoding: name.bytes, as: UTF8.self).lowercased()
    bytes = Array(lower.utf8)
  }
}
