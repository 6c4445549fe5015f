/// The tags of EXIF data, or of the first picture of a TIFF file (TIFF 6.0, Exif 2.32).
struct ExifTags {
  private let read: (_ offset: Int, _ count: Int) -> [UInt8]?
  private let isLittle: Bool
  private var directory = 0

  /// The most entries of a directory that are looked at, and the longest text.
  private static let mostEntries = 4096
  private static let longestText = 64

  /// Tags of data that are in memory; `nil` where they are not what they should be.
  init?(_ block: ArraySlice<UInt8>) {
    self.init { offset, count in
      guard offset >= 0, count >= 0, offset <= block.count - count else { return nil }
      return Array(block[block.startIndex + offset..<block.startIndex + offset + count])
    }
  }

  /// Tags of a TIFF file; `nil` for any other file, BigTIFF among them.
  init?(_ file: SourceFile) {
    self.init { offset, count in
      guard offset >= 0, count > 0, offset <= file.size - count else { return nil }
      var bytes = [UInt8](repeating: 0, count: count)
      let got = bytes.withUnsafeMutableBytes { buffer in
        buffer.baseAddress.map { file.read(at: offset, into: $0, count: count) } ?? 0
      }
      return got == count ? bytes : nil
    }
  }

  private init?(read: @escaping (_ offset: Int, _ count: Int) -> [UInt8]?) {
    guard let head = read(0, 8), head[0] == head[1], head[0] == 0x49 || head[0] == 0x4D else {
      return nil
    }
    self.read = read
    isLittle = head[0] == 0x49
    guard number(2, 2) == 42, let first = number(4, 4) else { return nil }
    directory = first
  }

  /// The orientation.
  var orientation: Orientation? {
    // A SHORT (type 3) is in the first two of the four value bytes.
    entry(0x0112, in: directory, type: 3).flatMap { number($0 + 8, 2) }.flatMap(Orientation.init)
  }

  /// When the picture was taken, or else when it was digitized, with the zone where that is there.
  var created: String? {
    guard let pointer = entry(0x8769, in: directory, type: 4), let exif = number(pointer + 8, 4)
    else { return nil }
    for (time, zone) in [(0x9003, 0x9011), (0x9004, 0x9012)] {
      if let text = text(time, in: exif),
        let created = RecordedTime.text(text, zone: self.text(zone, in: exif))
      {
        return created
      }
    }
    return nil
  }

  /// Where an entry with this tag and type begins.
  private func entry(_ tag: Int, in directory: Int, type: Int) -> Int? {
    guard let count = number(directory, 2) else { return nil }
    for entry in 0..<min(count, Self.mostEntries) {
      let at = directory + 2 + 12 * entry
      guard let found = number(at, 2) else { return nil }
      if found == tag { return number(at + 2, 2) == type ? at : nil }
    }
    return nil
  }

  /// The text (type 2) of a tag, without its end and spaces.
  private func text(_ tag: Int, in directory: Int) -> String? {
    guard let at = entry(tag, in: directory, type: 2), let count = number(at + 4, 4),
      count <= Self.longestText,
      let place = count <= 4 ? at + 8 : number(at + 8, 4), let bytes = read(place, count)
    else { return nil }
    return String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self).trimmed
  }

  private func number(_ offset: Int, _ size: Int) -> Int? {
    guard let part = read(offset, size) else { return nil }
    return isLittle
      ? part.reversed().reduce(0) { $0 << 8 | Int($1) } : part.reduce(0) { $0 << 8 | Int($1) }
  }
}
