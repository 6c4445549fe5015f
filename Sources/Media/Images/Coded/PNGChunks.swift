import Diagnostics

/// The chunks of a PNG file (ISO/IEC 15948, section 5.3).
enum PNGChunks {
  /// Chunks that FFmpeg would decompress whatever their size, and that are not used here: texts and
  /// color profiles, of which a thousand bytes can become a million.
  private static let packed: Set<[UInt8]> = [
    Array("zTXt".utf8), Array("iTXt".utf8), Array("iCCP".utf8),
  ]

  /// The last chunk of every file.
  private static let end: [UInt8] = [0, 0, 0, 0] + Array("IEND".utf8) + [0xAE, 0x42, 0x60, 0x82]

  /// The file without these chunks, and whether it ends within its image data; what there is of the last
  /// data chunk becomes a whole chunk then. Bytes that do not have the structure of a PNG are returned
  /// unchanged, so that the decoder reports the error.
  static func essential(_ bytes: [UInt8]) -> (bytes: [UInt8], isCut: Bool) {
    guard bytes.count > 8 else { return (bytes, false) }
    var kept = Array(bytes[..<8])
    var start = 8
    var at = 8
    var isCut = true
    while at + 12 <= bytes.count {
      let length = ImageFormat.bigEndian(bytes, at)
      let kind = Array(bytes[at + 4..<at + 8])
      guard length <= bytes.count - at - 12 else {
        guard isCut, kind == Array("IDAT".utf8) else { break }
        kept += bytes[start..<at]
        let data = bytes[at + 8..<max(at + 8, min(bytes.count, at.addingClamped(8 + length)))]
        for shift in [24, 16, 8, 0] { kept.append(UInt8(truncatingIfNeeded: data.count >> shift)) }
        // Nobody looks at the checksum.
        return (kept + kind + data + [0, 0, 0, 0] + end, true)
      }
      let next = at + 12 + length
      if packed.contains(kind) {
        kept += bytes[start..<at]
        start = next
      }
      at = next
      if kind == Array("IEND".utf8) { isCut = false }
    }
    let rest = bytes[start..<(isCut ? at : bytes.count)]
    return (kept + rest + (isCut ? end : []), isCut)
  }

  /// The gray, as one of 256, that a PNG of less than 8 bits makes transparent (section 11.3.2.1); `nil`
  /// for other ones.
  static func transparentGray(_ bytes: [UInt8]) -> Int? {
    // The header: width, height, depth, color type.
    guard bytes.count > 26, bytes[25] == 0, [1, 2, 4].contains(bytes[24]) else { return nil }
    var at = 8
    while at + 14 <= bytes.count {
      let length = ImageFormat.bigEndian(bytes, at)
      let kind = bytes[at + 4..<at + 8]
      if kind.elementsEqual("tRNS".utf8), length >= 2 {
        let top = 1 << Int(bytes[24]) - 1
        return (Int(bytes[at + 8]) << 8 | Int(bytes[at + 9])) & top * 255 / top
      }
      if kind.elementsEqual("IDAT".utf8) { return nil }
      at = at.addingClamped(length.addingClamped(12))
    }
    return nil
  }
}
