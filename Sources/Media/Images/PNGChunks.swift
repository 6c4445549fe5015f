/// The chunks of a PNG file (ISO/IEC 15948, section 5.3).
enum PNGChunks {
  /// Chunks that FFmpeg would decompress whatever their size, and that are not used here: texts and
  /// color profiles, of which a thousand bytes can become a million.
  private static let packed: Set<[UInt8]> = [
    Array("zTXt".utf8), Array("iTXt".utf8), Array("iCCP".utf8),
  ]

  /// The file without these chunks. Bytes that do not have the structure of a PNG are returned
  /// unchanged, so that the decoder reports the error.
  static func essential(_ bytes: [UInt8]) -> [UInt8] {
    guard bytes.count > 8 else { return bytes }
    var kept = Array(bytes[..<8])
    var start = 8
    var at = 8
    while at + 12 <= bytes.count {
      let length = ImageFormat.bigEndian(bytes, at)
      guard length <= bytes.count - at - 12 else { break }
      let end = at + 12 + length
      if packed.contains(Array(bytes[at + 4..<at + 8])) {
        kept += bytes[start..<at]
        start = end
      }
      at = end
    }
    return start == 8 ? bytes : kept + bytes[start...]
  }
}
