/// The chunks of a WebP file (RFC 9649, section 2).
enum WebPChunks {
  /// Whether the file has fewer bytes than it says.
  static func isCut(_ bytes: [UInt8]) -> Bool {
    guard bytes.count >= 8 else { return true }
    return bytes[4..<8].reversed().reduce(0) { $0 << 8 | Int($1) } > bytes.count - 8
  }
}
