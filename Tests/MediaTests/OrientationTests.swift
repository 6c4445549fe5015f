import Media
import Testing

@Suite struct OrientationTests {
  /// Red, green / blue, white quarters, 48 × 32.
  private static func quarters() throws -> String {
    let source =
      "color=black:size=48x32:rate=1,format=rgb24,"
      + "drawbox=x=0:y=0:w=24:h=16:c=red:t=fill,drawbox=x=24:y=0:w=24:h=16:c=lime:t=fill,"
      + "drawbox=x=0:y=16:w=24:h=16:c=blue:t=fill,drawbox=x=24:y=16:w=24:h=16:c=white:t=fill"
    return try Fixtures.make("quarters.png", from: source, "-frames:v 1")
  }

  private static let colors: [String: [Int]] = [
    "R": [254, 0, 0], "G": [0, 255, 1], "B": [0, 0, 254], "W": [255, 255, 255],
  ]

  /// The corners from the upper left, line by line, as EXIF defines each orientation.
  static let corners: [(Int, String)] = [
    (1, "RGBW"), (2, "GRWB"), (3, "WBGR"), (4, "BWRG"), (5, "RBGW"), (6, "BRWG"), (7, "WGBR"),
    (8, "GWRB"),
  ]

  /// A TIFF block with one entry: the orientation.
  private static func exif(_ value: Int, isLittle: Bool) -> [UInt8] {
    let low = UInt8(value)
    return isLittle
      ? [0x49, 0x49, 42, 0, 8, 0, 0, 0, 1, 0, 0x12, 1, 3, 0, 1, 0, 0, 0, low, 0, 0, 0, 0, 0, 0, 0]
      : [0x4D, 0x4D, 0, 42, 0, 0, 0, 8, 0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1, 0, low, 0, 0, 0, 0, 0, 0]
  }

  private func check(_ picture: DecodedImage, _ letters: String) {
    let image = picture.image
    let isTurned = picture.sourceWidth == 32
    #expect(picture.sourceWidth * picture.sourceHeight == 48 * 32)
    #expect(image.width == (isTurned ? 32 : 48) && image.height == (isTurned ? 48 : 32))
    let points =
      [(4, 4), (image.width - 5, 4), (4, image.height - 5)]
      .map { image.color($0.0, $0.1) } + [image.color(image.width - 5, image.height - 5)]
    for (point, letter) in zip(points, letters) {
      #expect(distance(point, Self.colors[String(letter)] ?? []) < 12, "\(letter) in \(letters)")
    }
  }

  @Test(arguments: corners)
  func allEightOrientationsOfAJPEGAreTurnedUpright(value: Int, letters: String) throws {
    let plain = try Fixtures.make("quarters.jpg") { path in
      try Fixtures.ffmpeg(["-i", try Self.quarters(), "-pix_fmt", "yuvj444p", "-q:v", "2", path])
    }
    let bytes = try Fixtures.bytes(plain)
    for isLittle in [true, false] {
      let body = Array("Exif\0\0".utf8) + Self.exif(value, isLittle: isLittle)
      let length = body.count + 2
      let segment = [0xFF, 0xE1, UInt8(length >> 8), UInt8(length & 255)] + body
      let path = try Fixtures.make(
        "turned\(value)\(isLittle).jpg", bytes: bytes.prefix(2) + segment + bytes.dropFirst(2))
      let picture = try decode(path)
      #expect((value > 4) == (picture.sourceWidth == 32))
      check(picture, letters)
    }
  }

  @Test(arguments: corners)
  func orientationsOfPNGAndWebPAreTurnedUpright(value: Int, letters: String) throws {
    let png = try Fixtures.bytes(try Self.quarters())
    let block = Self.exif(value, isLittle: true)
    // The checksum of an ancillary chunk is not checked here. Header: 8 + 25 bytes.
    let chunk = [0, 0, 0, UInt8(block.count)] + Array("eXIf".utf8) + block + [0, 0, 0, 0]
    let turned = try Fixtures.make(
      "turned\(value).png", bytes: png.prefix(33) + chunk + png.dropFirst(33))
    check(try decode(turned), letters)

    let plain = try Fixtures.make("quarters.webp") { path in
      try Fixtures.ffmpeg(
        ["-i", try Self.quarters(), "-c:v", "libwebp", "-lossless", "1", path])
    }
    let webp = try Fixtures.bytes(plain)
    var extended: [UInt8] = Array("VP8X".utf8) + [10, 0, 0, 0, 0x08, 0, 0, 0, 47, 0, 0, 31, 0, 0]
    extended += webp.dropFirst(12)
    extended += Array("EXIF".utf8) + [UInt8(block.count), 0, 0, 0] + block
    let size = extended.count + 4
    let header = Array("RIFF".utf8) + [UInt8(size & 255), UInt8(size >> 8), 0, 0]
    let path = try Fixtures.make(
      "turned\(value).webp", bytes: header + Array("WEBP".utf8) + extended)
    check(try decode(path), letters)
  }

  @Test func orientationsOutsideOneToEightAreIgnored() throws {
    let png = try Fixtures.bytes(try Self.quarters())
    for value in [0, 9, 200] {
      let block = Self.exif(value, isLittle: true)
      let chunk = [0, 0, 0, UInt8(block.count)] + Array("eXIf".utf8) + block + [0, 0, 0, 0]
      let path = try Fixtures.make(
        "odd\(value).png", bytes: png.prefix(33) + chunk + png.dropFirst(33))
      check(try decode(path), "RGBW")
    }
  }

  @Test(arguments: [0, 90, 180, 270])
  func videosAreTurnedByTheirDisplayMatrix(degrees: Int) throws {
    let plain = try Fixtures.make("quarters.mp4") { path in
      try Fixtures.ffmpeg([
        "-loop", "1", "-t", "1", "-i", try Self.quarters(), "-c:v", "libx264rgb", "-qp", "0", path,
      ])
    }
    // The `rotate` tag counts clockwise in players' terms; ffmpeg writes a matrix for it.
    let path = try Fixtures.make("turned\(degrees).mp4") { path in
      try Fixtures.ffmpeg([
        "-i", plain, "-c", "copy", "-metadata:s:v:0", "rotate=\(degrees)", path,
      ])
    }
    let video = try sample(path)
    let first = try #require(video.frames.first)
    let expected = try Fixtures.rgb(path, "-frames:v 1")
    #expect(first.pixels == expected)
    #expect((degrees % 180 != 0) == (video.sourceWidth == 32))
  }
}
