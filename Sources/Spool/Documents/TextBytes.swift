/// The bytes of texts that people write, in whatever encoding their editor saves.
enum TextBytes {
  private static let utf8Mark: [UInt8] = [0xEF, 0xBB, 0xBF]
  /// The marks of UTF-32; the first begins like the one of UTF-16.
  private static let utf32Marks: [[UInt8]] = [[0xFF, 0xFE, 0, 0], [0, 0, 0xFE, 0xFF]]

  /// The text as UTF-8 without a byte order mark (Unicode 16, section 23.8).
  ///
  /// Windows saves UTF-8 with a mark, and the PowerShell it comes with saves UTF-16.
  ///
  /// - Returns: `nil` for damaged UTF-16 and for UTF-32. Bytes without a mark are returned as they are:
  ///   whether they are UTF-8 is for their reader to check.
  static func utf8(_ bytes: [UInt8]) -> [UInt8]? {
    if bytes.starts(with: utf8Mark) { return Array(bytes.dropFirst(utf8Mark.count)) }
    guard !utf32Marks.contains(where: { bytes.starts(with: $0) }) else { return nil }
    if bytes.starts(with: [0xFF, 0xFE]) { return utf16(bytes.dropFirst(2), high: 1) }
    if bytes.starts(with: [0xFE, 0xFF]) { return utf16(bytes.dropFirst(2), high: 0) }
    return bytes
  }

  /// - Parameter high: where in each pair of bytes the more significant one is.
  private static func utf16(_ bytes: ArraySlice<UInt8>, high: Int) -> [UInt8]? {
    guard bytes.count.isMultiple(of: 2) else { return nil }
    let units = stride(from: bytes.startIndex, to: bytes.endIndex, by: 2).map { index in
      UInt16(bytes[index + high]) << 8 | UInt16(bytes[index + 1 - high])
    }
    return String(validating: units, as: UTF16.self).map { Array($0.utf8) }
  }
}
