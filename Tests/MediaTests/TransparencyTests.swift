import Diagnostics
import Foundation
import Media
import Options
import Testing

@Suite("What is behind transparent parts")
struct TransparencyTests {
  private let white = [255, 255, 255]
  private let black = [0, 0, 0]

  private func image(_ path: String, on color: String = "white") throws -> RGBImage {
    let reading = MediaReading(background: try BackgroundColor(text: color))
    return try ImageFile.decode(path: path, reading: reading) { ($0, $1) }.image
  }

  private func frame(_ path: String, on color: String = "white") throws -> RGBImage {
    let reading = MediaReading(background: try BackgroundColor(text: color))
    let video = try VideoFile.sample(path: path, sampling: .exactly(1), reading: reading) {
      ($1, $2)
    }
    return try #require(video.frames.first)
  }

  @Test(arguments: [
    "alpha-black-on-transparent.png", "alpha-colorkey.png", "alpha-palette.png",
    "alpha-lossless.webp", "alpha-lossy.webp", "passing/alpha.gif",
  ])
  func imagesLieOnWhite(_ name: String) throws {
    let seen = try image(CaseFiles.path(name))
    #expect(distance(seen.color(2, 2), white) <= 2)
    #expect(distance(seen.color(seen.width / 2, seen.height / 2), black) <= 2)
  }

  @Test func halfTransparentPartsAreMixed() throws {
    let seen = try image(CaseFiles.path("alpha-ramp.png"))
    #expect(distance(seen.color(seen.width / 4, seen.height / 2), [255, 191, 191]) <= 2)
    let dark = try image(CaseFiles.path("alpha-ramp.png"), on: "black")
    #expect(distance(dark.color(dark.width / 4, dark.height / 2), [64, 0, 0]) <= 2)
  }

  @Test func aBackgroundCanHaveAnyColor() throws {
    let seen = try image(CaseFiles.path("alpha-black-on-transparent.png"), on: "#ff8000")
    #expect(seen.color(2, 2) == [255, 128, 0])
    #expect(seen.color(seen.width / 2, seen.height / 2) == black)
  }

  /// Gray is read as one channel, unless what is behind it has a color.
  @Test(arguments: ["ya8", "ya16be"])
  func grayWithAlphaIsMixedWithAColor(_ format: String) throws {
    let path = try Fixtures.make(
      "\(format).png",
      from:
        "color=c=black:s=32x32:r=1:d=1,format=ya8,geq=lum=100:a='if(lt(X,16),0,255)',format=\(format)",
      "-frames:v 1")
    let seen = try image(path, on: "#ff8000")
    #expect(seen.color(4, 16) == [255, 128, 0])
    #expect(distance(seen.color(28, 16), [100, 100, 100]) <= 3)
    #expect(try image(path).color(4, 16) == white)
  }

  @Test(arguments: [
    "passing/alpha-qtrle.mov", "passing/alpha-prores.mov", "passing/alpha-apng.png",
    "passing/alpha-vp9.webm",
  ])
  func videosLieOnWhite(_ name: String) throws {
    let path = CaseFiles.path(name)
    let seen = try frame(path)
    #expect(distance(seen.color(2, 2), white) <= 3)
    #expect(distance(try frame(path, on: "#0000ff").color(2, 2), [0, 0, 255]) <= 3)
  }

  /// One gray of a PNG with few bits may be transparent: a file of two halves, gray 0 and the lightest.
  @Test(arguments: [1, 2, 4], [false, true])
  func oneGrayOfAFewBitsCanBeTransparent(_ depth: UInt8, _ isLight: Bool) throws {
    let path = try Fixtures.make("gray\(depth)-key-\(isLight).png") { path in
      var bytes: [UInt8] = [137, 80, 78, 71, 13, 10, 26, 10]
      func chunk(_ kind: String, _ data: [UInt8]) {
        let count = UInt8(data.count)
        // Nobody looks at the checksum.
        bytes += [0, 0, 0, count] + Array(kind.utf8) + data + [0, 0, 0, 0]
      }
      chunk("IHDR", [0, 0, 0, 16, 0, 0, 0, 1, depth, 0, 0, 0, 0])
      chunk("tRNS", [0, isLight ? (1 << depth) - 1 : 0])
      // A stored block of deflate: the filter's byte, then black on the left and white on the right.
      let half = Int(depth)
      let line =
        [0] + [UInt8](repeating: 0, count: half) + [UInt8](repeating: 255, count: half)
      var (low, high) = (1, 0)
      for value in line {
        low = (low + Int(value)) % 65521
        high = (high + low) % 65521
      }
      let count = UInt8(line.count)
      let sum = [high >> 8, high & 255, low >> 8, low & 255].map { UInt8($0) }
      chunk("IDAT", [0x78, 1, 1, count, 0, ~count, 255] + line + sum)
      chunk("IEND", [])
      try Data(bytes).write(to: URL(filePath: path))
    }
    let seen = try image(path, on: "#ff8000")
    #expect(seen.color(2, 0) == (isLight ? black : [255, 128, 0]))
    #expect(seen.color(13, 0) == (isLight ? [255, 128, 0] : white))
  }

  /// A fourth byte that a BMP does not call opacity means nothing.
  @Test func theFourthByteOfAPlainBMPIsUnused() throws {
    let header: [UInt8] =
      Array("BM".utf8) + [
        70, 0, 0, 0, 0, 0, 0, 0, 54, 0, 0, 0, 40, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0,
      ]
      + [1, 0, 32, 0, 0, 0, 0, 0, 16, 0, 0, 0] + [UInt8](repeating: 0, count: 16)
    let pixels: [UInt8] = [10, 20, 30, 100, 10, 20, 30, 255, 10, 20, 30, 0, 10, 20, 30, 7]
    let path = try Fixtures.make("unused.bmp", bytes: header + pixels)
    #expect(
      try image(path).pixels == [UInt8](repeating: 0, count: 4).flatMap { _ in [30, 20, 10] })
  }

  /// Palettes and 32-bit pixels of formats that have no transparency keep their colors.
  @Test func anUnusedFourthByteIsNoTransparency() throws {
    let path = CaseFiles.path("passing/bgra.bmp")
    #expect(try image(path, on: "#00ff00").pixels == image(path, on: "white").pixels)
  }

  @Test(arguments: ["", "blue-ish", "#fff", "#12345g", "#1234567", "#+12345", "ffffff"])
  func otherTextsAreNoColors(_ text: String) {
    let failure = failure { _ = try BackgroundColor(text: text) }
    #expect(failure?.code == .mediaBackground)
    #expect(failure?.remedy?.contains("#ffe0c0") == true)
  }

  @Test(arguments: ["white", "black", "gray", "#000001", "#ffe0c0"])
  func aColorIsWrittenAsItIsRead(_ text: String) throws {
    #expect(try BackgroundColor(text: text).text == text)
  }
}
