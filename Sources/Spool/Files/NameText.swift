/// A name in lower case, made once for everything that it is compared with.
struct NameText: Sendable {
  /// The bytes, with the letters from A to Z in lower case.
  let bytes: [UInt8]

  init(_ name: BytePath) {
    bytes = name.bytes.map { (0x41...0x5A).contains($0) ? $0 + 0x20 : $0 }
  }

  /// The text with all letters in lower case; bytes that are not UTF-8 are replaced.
  var lower: String { String(decoding: bytes, as: UTF8.self).lowercased() }

  /// Whether the name ends in these bytes, which are in lower case, and is not only them.
  func ends(in ending: [UInt8]) -> Bool {
    guard bytes.count > ending.count, bytes.last == ending.last else { return false }
    return bytes.suffix(ending.count).elementsEqual(ending)
  }
}
