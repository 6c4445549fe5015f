import Diagnostics
import Media
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
