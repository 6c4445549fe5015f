/// The bytes of a GGUF file, put together piece by piece, sound or not.
struct GGUFBytes {
  var version: UInt32 = 3
  var tensorCount: UInt64?
  var keyCount: UInt64?
  private var keys: [[UInt8]] = []
  private var entries: [[UInt8]] = []
  /// The bytes of all tensors.
  var data: [UInt8] = []

  static func little<Value: FixedWidthInteger>(_ value: Value) -> [UInt8] {
    withUnsafeBytes(of: value.littleEndian) { Array($0) }
  }

  static func text(_ text: String) -> [UInt8] { little(UInt64(text.utf8.count)) + Array(text.utf8) }

  /// Adds a key with the bytes of its value.
  mutating func key(_ name: String, _ kind: UInt32, _ value: [UInt8]) {
    keys.append(Self.text(name) + Self.little(kind) + value)
  }

  mutating func key(_ name: String, _ value: String) { key(name, 8, Self.text(value)) }
  mutating func key(_ name: String, _ value: UInt16) { key(name, 2, Self.little(value)) }

  /// Adds a tensor; the extents are innermost first, as in files.
  mutating func tensor(_ name: String, _ extents: [UInt64], type: UInt32 = 0, at offset: UInt64) {
    entries.append(
      Self.text(name) + Self.little(UInt32(extents.count)) + extents.flatMap(Self.little)
        + Self.little(type) + Self.little(offset))
  }

  /// All bytes.
  var bytes: [UInt8] {
    var bytes = Array("GGUF".utf8) + Self.little(version)
    bytes += Self.little(tensorCount ?? UInt64(entries.count))
    bytes += Self.little(keyCount ?? UInt64(keys.count))
    bytes += (keys + entries).flatMap { $0 }
    while !bytes.count.isMultiple(of: 32) { bytes.append(0) }
    return bytes + data
  }
}
