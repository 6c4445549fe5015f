import Foundation
import Testing

@testable import Media

/// When pictures and videos were taken, by the files themselves.
@Suite struct RecordedTimeTests {
  @Test(
    arguments: [
      ("2024:05:01 12:30:00", nil, "2024-05-01T12:30:00"),
      ("2024:05:01 12:30:00", "+02:00", "2024-05-01T12:30:00+02:00"),
      ("2024:05:01 12:30:00", "elsewhere", "2024-05-01T12:30:00"),
      ("2024-05-01T10:30:00.000000Z", nil, "2024-05-01T10:30:00Z"),
      ("2024-05-01T12:30:00+0200", nil, "2024-05-01T12:30:00+02:00"),
      ("2024-02-29T00:00:00Z", nil, "2024-02-29T00:00:00Z"),
      ("2023-02-29T00:00:00Z", nil, nil), ("2024:13:01 12:30:00", nil, nil),
      ("2024:05:01 24:00:00", nil, nil), ("    :  :     :  :  ", nil, nil),
      ("0000:00:00 00:00:00", nil, nil), ("1970-01-01T00:00:00Z", nil, nil),
      ("1904-01-01T00:00:00.000000Z", nil, nil), ("2024:05:01", nil, nil), ("", nil, nil),
    ] as [(String, String?, String?)])
  func itIsReadAsCamerasWriteIt(_ raw: String, _ zone: String?, _ text: String?) {
    #expect(RecordedTime.text(raw, zone: zone) == text)
  }

  /// EXIF data with a time and its zone, in both orders of bytes.
  static func exif(isLittle: Bool, time: String, zone: String?) -> [UInt8] {
    func number(_ value: Int, _ size: Int) -> [UInt8] {
      let bytes = (0..<size).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
      return isLittle ? bytes : bytes.reversed()
    }
    func entry(_ tag: Int, _ type: Int, _ count: Int, _ value: Int) -> [UInt8] {
      number(tag, 2) + number(type, 2) + number(count, 4) + number(value, 4)
    }
    let texts = [(0x9003, time)] + (zone.map { [(0x9011, $0)] } ?? [])
    var data = Array((isLittle ? "II" : "MM").utf8) + number(42, 2) + number(8, 4)
    data += number(1, 2) + entry(0x8769, 4, 1, 26) + number(0, 4)
    var place = 26 + 2 + 12 * texts.count + 4
    data += number(texts.count, 2)
    for (tag, text) in texts {
      data += entry(tag, 2, text.utf8.count + 1, place)
      place += text.utf8.count + 1
    }
    data += number(0, 4)
    for (_, text) in texts { data += Array(text.utf8) + [0] }
    return data
  }

  @Test(arguments: [true, false], [nil, "-03:30"])
  func aPhotographSaysWhenItWasTaken(_ isLittle: Bool, _ zone: String?) throws {
    let block = Self.exif(isLittle: isLittle, time: "2024:05:01 12:30:00", zone: zone)
    let tags = try #require(ExifTags(block[...]))
    #expect(tags.created == "2024-05-01T12:30:00" + (zone ?? ""))
    // Whatever is cut off, nothing is read beyond the end.
    for length in 0..<block.count { _ = ExifTags(block[..<length])?.created }
  }

  @Test func aJPEGAndATIFFSayIt() throws {
    let block = Self.exif(isLittle: true, time: "2024:05:01 12:30:00", zone: nil)
    let picture = RGBImage(width: 16, height: 16, pixels: [UInt8](repeating: 90, count: 768))
    let jpeg = try JPEGWriter.encode(picture, quantizer: 3)
    let length = block.count + 8
    let segment: [UInt8] =
      [0xFF, 0xE1, UInt8(length >> 8), UInt8(length & 0xFF)] + Array("Exif\0\0".utf8) + block
    let path = Fixtures.folder.path + "/created.jpg"
    try Data(Array(jpeg[..<2]) + segment + Array(jpeg[2...])).write(to: URL(filePath: path))
    let image = try ImageFile.decode(path: path) { _, _ in (height: 16, width: 16) }
    #expect(image.created == "2024-05-01T12:30:00")
    let tiff = Fixtures.folder.path + "/created.tif"
    try Data(block).write(to: URL(filePath: tiff))
    #expect(ExifTags(try SourceFile(path: tiff))?.created == "2024-05-01T12:30:00")
  }

  @Test func aLongFileIsKnownByPartsOfIt() throws {
    let path = Fixtures.folder.path + "/long-file"
    var bytes = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    try Data(bytes).write(to: URL(filePath: path))
    let whole = try FileDigest.identity(path: path)
    #expect(whole.digest == "sha256:" + (try FileDigest.sha256(path: path)))
    #expect(whole.bytes == 300_000)
    let sampled = try FileDigest.identity(path: path, longestWhole: 200_000)
    #expect(sampled.digest.hasPrefix("sha256-sampled:") && sampled.bytes == 300_000)
    #expect(try FileDigest.identity(path: path, longestWhole: 200_000) == sampled)
    bytes[299_999] ^= 1
    try Data(bytes).write(to: URL(filePath: path))
    #expect(try FileDigest.identity(path: path, longestWhole: 200_000).digest != sampled.digest)
  }
}
