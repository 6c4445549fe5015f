import Diagnostics
import Media
import Testing

@Suite struct ImageTests {
  static let still = "testsrc=size=61x47:rate=1"

  @Test(arguments: [
    ("rgb.png", "-pix_fmt rgb24", "png"), ("rgba.png", "-pix_fmt rgba", "png"),
    ("palette.png", "-pix_fmt pal8", "png"), ("gray.png", "-pix_fmt gray", "png"),
    ("rgb.bmp", "-pix_fmt bgr24", "bmp"), ("rgba.bmp", "-pix_fmt bgra", "bmp"),
    ("rgb.tiff", "-pix_fmt rgb24", "tiff"), ("still.gif", "", "gif"),
    ("mono.png", "-pix_fmt monob", "png"), ("lossless.webp", "-c:v libwebp -lossless 1", "webp"),
  ])
  func losslessPicturesKeepEveryPixel(name: String, options: String, format: String) throws {
    let path = try Fixtures.make(name, from: Self.still, "-frames:v 1 \(options)")
    let picture = try decode(path)
    #expect(picture.format == format)
    #expect(picture.sourceWidth == 61 && picture.sourceHeight == 47)
    #expect(picture.warnings == [])
    #expect(picture.image.pixels == (try Fixtures.rgb(path)))
  }

  @Test(arguments: [
    ("photo.jpg", "-pix_fmt yuvj420p -q:v 2"), ("photo444.jpg", "-pix_fmt yuvj444p -q:v 2"),
    ("photo.webp", "-c:v libwebp -quality 95"), ("gray.jpg", "-pix_fmt gray -q:v 2"),
  ])
  func lossyPicturesAreCloseToTheOriginal(name: String, options: String) throws {
    let source = "gradients=size=64x48:rate=1:seed=3:c0=red:c1=yellow:x0=0:y0=0:x1=63:y1=47"
    let original = try Fixtures.make("gradient.png", from: source, "-frames:v 1 -pix_fmt rgb24")
    let path = try Fixtures.make(name, from: source, "-frames:v 1 \(options)")
    let isGray = name.hasPrefix("gray")
    let expected = isGray ? try Fixtures.rgb(path) : try decode(original).image.pixels
    #expect(difference(try decode(path).image.pixels, expected) < 2)
  }

  @Test func sixteenBitsAreDividedBy257() throws {
    // 0x0000, 0x0080 (rounds to 0), 0x0081 (rounds to 1), 0x8000, 0xFFFF as big-endian gray.
    let values: [UInt8] = [0, 0, 0, 0x80, 0, 0x81, 0x80, 0, 0xFF, 0xFF]
    let raw = try Fixtures.make("gray16.raw", bytes: values)
    let path = try Fixtures.make("gray16.png") { path in
      try Fixtures.ffmpeg(
        ["-f", "rawvideo", "-pix_fmt", "gray16be", "-s", "5x1", "-i", raw, "-frames:v", "1", path])
    }
    let image = try decode(path).image
    let seen = (0..<5).map { image.color($0, 0)[0] }
    #expect(seen == [0, 0, 1, 128, 255])
    let deep = try Fixtures.make("rgb48.png", from: Self.still, "-frames:v 1 -pix_fmt rgb48be")
    let flat = try Fixtures.make("rgb.png", from: Self.still, "-frames:v 1 -pix_fmt rgb24")
    #expect(difference(try decode(deep).image.pixels, try decode(flat).image.pixels) < 1)
  }

  @Test func theFirstFrameOfAnAnimationIsTheImage() throws {
    let gif = try Fixtures.make("moving.gif")
    #expect(try decode(gif).image.pixels == (try Fixtures.rgb(gif, "-frames:v 1")))
    let apng = try Fixtures.make("moving.png", "-f apng")
    #expect(try decode(apng).image.pixels == (try Fixtures.rgb(apng, "-frames:v 1")))
    #expect(try MediaKind.probe(gif) == .video)
    #expect(try MediaKind.probe(apng) == .video)
  }

  @Test func anAnimatedWebPIsDecoded() throws {
    let path = try Fixtures.make("moving.webp", "-c:v libwebp_anim -frames:v 5")
    let failure = failure { _ = try decode(path) }
    #expect(failure == nil)
  }

  @Test func theTargetIsAskedForTheUprightSizeAndObeyed() throws {
    let path = try Fixtures.make("rgb.png", from: Self.still, "-frames:v 1 -pix_fmt rgb24")
    let picture = try ImageFile.decode(path: path) { height, width in
      #expect(height == 47 && width == 61)
      return (32, 96)
    }
    #expect(picture.image.width == 96 && picture.image.height == 32)
    #expect(picture.image.pixels.count == 96 * 32 * 3)
  }

  @Test func aFailureOfTheTargetComesThrough() throws {
    let path = try Fixtures.make("rgb.png", from: Self.still, "-frames:v 1 -pix_fmt rgb24")
    let mine = Failure(.badInput, code: FailureCode(rawValue: "test.mine"), "mine")
    #expect(throws: mine) {
      try ImageFile.decode(path: path) { _, _ throws(Failure) in throw mine }
    }
    let impossible = failure { _ = try decode(path, height: 0, width: 5) }
    #expect(impossible?.code == .mediaBadTarget)
  }

  @Test func aPictureAndAVideoAreToldApartByContent() throws {
    let picture = try Fixtures.make("rgb.png", from: Self.still, "-frames:v 1 -pix_fmt rgb24")
    let disguised = try Fixtures.make("video.jpg", bytes: try Fixtures.bytes(picture))
    #expect(try MediaKind.probe(disguised) == .image)
    let video = try Fixtures.make("plain.mp4", "-c:v libx264")
    #expect(try MediaKind.probe(video) == .video)
    let still = try Fixtures.make("still.gif", from: Self.still, "-frames:v 1")
    #expect(try MediaKind.probe(still) == .image)
    #expect(failure { _ = try decode(video) }?.code == .mediaIsVideo)
  }

  @Test func aCutJPEGGivesWhatThereIsWithAWarning() throws {
    let whole = try Fixtures.make(
      "large.jpg", from: "testsrc2=size=640x480:rate=1", "-frames:v 1 -q:v 2")
    let bytes = try Fixtures.bytes(whole)
    let path = try Fixtures.make("cut.jpg", bytes: Array(bytes.prefix(bytes.count / 2)))
    let picture = try decode(path)
    #expect(picture.image.width == 640)
    #expect(picture.warnings.count == 1)
    let top = 640 * 3 * 100
    let original = try decode(whole).image.pixels
    #expect(picture.image.pixels.prefix(top) == original.prefix(top))
  }

  @Test func namesWithColonsAndSpacesAndPercentSignsWork() throws {
    let plain = try Fixtures.make("rgb.png", from: Self.still, "-frames:v 1 -pix_fmt rgb24")
    let odd = try Fixtures.make("http: %03d é|x.png", bytes: try Fixtures.bytes(plain))
    #expect(try decode(odd).image == (try decode(plain).image))
  }
}
