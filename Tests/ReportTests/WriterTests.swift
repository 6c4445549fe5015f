import Diagnostics
@testable import Media
import Testing

@Suite("Picture files")
struct WriterTests {
  @Test(
    "PNG files decode to the very pixels",
    arguments: [(1, 1), (7, 5), (333, 2), (2, 301), (64, 64), (131, 97)])
  func exact(width: Int, height: Int) throws {
    let folder = try TemporaryFolder()
    for image in [
      RGBImage.noise(width: width, height: height, seed: UInt64(width)),
      RGBImage(width: width, height: height) { x, y in
        [UInt8(x & 255), UInt8(y & 255), UInt8((x + y) & 255)]
      },
    ] {
      _ = try folder.write(try PNGWriter.encode(image), "picture.png")
      #expect(try folder.picture("picture.png") == image)
    }
  }

  @Test("JPEG files look like the picture, and a coarser one is smaller")
  func approximate() throws {
    let folder = try TemporaryFolder()
    let image = RGBImage(width: 61, height: 43) { x, y in
      [UInt8(4 * x), UInt8(255 - 5 * y), UInt8(2 * x + 2 * y)]
    }
    let fine = try JPEGWriter.encode(image, quantizer: 2)
    _ = try folder.write(fine, "picture.jpg")
    let decoded = try folder.picture("picture.jpg")
    #expect(decoded.width == 61 && decoded.height == 43)
    let worst = zip(decoded.pixels, image.pixels).map { abs(Int($0) - Int($1)) }.max()
    #expect(try #require(worst) <= 8)
    #expect(try JPEGWriter.encode(image, quantizer: 20).count < fine.count)
  }

  @Test("what is no picture is refused", arguments: [(0, 4, 0), (4, 4, 47), (-1, 4, 12)])
  func refused(width: Int, height: Int, values: Int) {
    let image = RGBImage(
      width: width, height: height, pixels: [UInt8](repeating: 0, count: values))
    #expect(throws: Failure.self) { try PNGWriter.encode(image) }
    #expect(throws: Failure.self) { try JPEGWriter.encode(image, quantizer: 4) }
    #expect(throws: Failure.self) { try image.resized(width: 8, height: 8) }
  }

  @Test("resizing keeps flat areas flat and the corners where they are")
  func resized() throws {
    let image = RGBImage(width: 40, height: 20) { x, y in
      x < 20 ? (y < 10 ? [255, 0, 0] : [0, 255, 0]) : (y < 10 ? [0, 0, 255] : [250, 250, 250])
    }
    for (width, height) in [(80, 40), (20, 10), (101, 33)] {
      let small = try image.resized(width: width, height: height)
      #expect(small.width == width && small.height == height)
      for (x, y) in [(0, 0), (width - 1, 0), (0, height - 1), (width - 1, height - 1)] {
        let expected = image.pixel(x == 0 ? 0 : 39, y == 0 ? 0 : 19)
        let found = small.pixel(x, y)
        #expect(zip(found, expected).allSatisfy { abs(Int($0) - Int($1)) <= 3 })
      }
    }
  }
}

@Suite("Videos that are written")
struct MP4WriterTests {
  @Test("a video has the frames, the times and the colors it was given")
  func video() throws {
    let folder = try TemporaryFolder()
    let colors: [[UInt8]] = [[220, 30, 30], [30, 200, 40], [40, 60, 220], [200, 200, 200]]
    let times = [0, 0.5, 1.25, 2]
    let writer = try MP4Writer(width: 65, height: 48)
    for (color, time) in zip(colors, times) {
      try writer.append(
        RGBImage(width: 65, height: 48) { _, _ in color }, seconds: time, duration: 0.75)
    }
    let path = try folder.write(try writer.finish(), "video.mp4")
    let video = try VideoFile.sample(path: path, sampling: .exactly(4)) { _, height, width in
      (height, width)
    }
    #expect(video.totalFrames == 4)
    #expect(video.sourceWidth == 64 && video.sourceHeight == 48)
    for (found, time) in zip(video.timestamps, times) { #expect(abs(found - time) < 0.01) }
    for (frame, color) in zip(video.frames, colors) {
      let distance = zip(frame.pixel(32, 24), color).map { abs(Int($0) - Int($1)) }.max()
      #expect(try #require(distance) <= 12)
    }
  }

  @Test("every encoder there is writes; where there is none, it is said")
  func encoders() throws {
    let image = RGBImage.noise(width: 32, height: 32, seed: 4)
    let writer = try MP4Writer(width: 32, height: 32, encoders: ["mpeg4"])
    try writer.append(image, seconds: 0, duration: 1)
    #expect(try writer.finish().count > 500)
    #expect(throws: Failure.self) { try MP4Writer(width: 32, height: 32, encoders: ["none"]) }
    // A writer that is dropped half-way must leave nothing open.
    try MP4Writer(width: 32, height: 32).append(image, seconds: 0, duration: 1)
  }
}
