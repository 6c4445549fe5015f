import Diagnostics
import Foundation
import Testing

@testable import Media

@Suite struct TIFFTests {
  @Test(arguments: [
    "tiff-tiled.tif", "tiff-jpeg.tif", "tiff-jpeg-ycbcr.tif", "tiff-zstd.tif", "passing/big.tif",
    "passing/tiff-webp.tif", "passing/tiff-lzma.tif", "passing/tiff-lzw.tif",
    "passing/tiff-zip.tif", "passing/tiff-planar.tif", "passing/tiff-rle.tif",
    "passing/tiff-msb.tif", "passing/tiff-16bit-rgb.tif", "passing/tiff-cmyk.tif",
  ])
  func everyCommonFormShowsItsColors(name: String) throws {
    let picture = try decode(StillCases.path(name))
    #expect(picture.format == "tiff" && picture.warnings == [])
    #expect((picture.sourceWidth, picture.sourceHeight) == (192, 128))
    #expect(StillCases.distanceOfQuadrants(picture.image) <= 3)
  }

  @Test func labShowsAboutItsColors() throws {
    // Green lies outside of what the conversion can reach.
    let picture = try decode(StillCases.path("tiff-lab.tif"))
    #expect(StillCases.distanceOfQuadrants(picture.image) <= 32)
  }

  @Test func formsWithoutColorsAreRefusedAndNotCalledDamaged() throws {
    let refusal = try #require(failure { _ = try decode(StillCases.path("tiff-float.tif")) })
    #expect(refusal.code == .mediaUnsupportedPixels)
    #expect(refusal.message.contains("floating-point"))
    #expect(refusal.remedy?.contains("again") == false)
  }

  @Test func rawPicturesOfCamerasAreRefusedAsSuch() throws {
    let refusal = try #require(failure { _ = try decode(StillCases.path("raw-like.dng")) })
    #expect(refusal.code == .mediaUnsupportedFormat)
    #expect(refusal.message.contains("raw picture") && refusal.remedy?.contains("Export") == true)
  }

  @Test func thePictureBehindAPreviewIsShown() throws {
    let path = StillCases.path("raw-like-thumbnail-ifd0.tif")
    let picture = try decode(path)
    #expect((picture.sourceWidth, picture.sourceHeight) == (192, 128))
    #expect(try DocumentPages(path: path).count == 1)
  }

  @Test func everyPageIsAnImageOfItsOwn() throws {
    let path = StillCases.path("tiff-multipage.tif")
    #expect(try DocumentPages(path: path).count == 2)
    let first = try ImageFile.decode(path: path) { ($0, $1) }
    let second = try ImageFile.decode(path: path, page: 1) { ($0, $1) }
    #expect(first.image != second.image)
    let refusal = failure { _ = try ImageFile.decode(path: path, page: 2) { ($0, $1) } }
    #expect(refusal?.message.contains("has no page 3") == true)
  }

  @Test func aStripThatIsCutLosesOnlyItsEnd() throws {
    // The list of images is at the beginning, the pixels are one strip without compression.
    let whole = try decode(StillCases.path("passing/orient6.tif")).image
    let picture = try decode(try StillCases.cut("passing/orient6.tif", to: 0.5))
    let warning = try #require(picture.warnings.first)
    #expect(picture.warnings.count == 1 && warning.contains("the file ends early"), "\(warning)")
    let gray = stride(from: 0, to: whole.pixels.count, by: 3).filter { at in
      picture.image.pixels[at..<at + 3].allSatisfy { $0 == 128 }
    }
    #expect(abs(gray.count - whole.width * whole.height / 2) < whole.width * whole.height / 20)
  }

  @Test func aListOfImagesThatRunsInACircleEnds() throws {
    var bytes = try Fixtures.bytes(StillCases.path("tiff-multipage.tif"))
    // The second image's link to the next one leads to the first.
    let file = try SourceFile(path: StillCases.path("tiff-multipage.tif"))
    let pages = try TIFFDirectories(file).pages
    let second = Int(pages[1].offset)
    let count = Int(bytes[second]) | Int(bytes[second + 1]) << 8
    let link = second + 2 + 12 * count
    bytes.replaceSubrange(
      link..<link + 4, with: [UInt8(truncatingIfNeeded: pages[0].offset), 0, 0, 0])
    let path = try Fixtures.make("circle.tif", bytes: bytes)
    #expect(try DocumentPages(path: path).count == 2)
  }

  @Test func aDeclaredSizeOverTheLimitIsRefusedBeforeDecoding() throws {
    var limits = MediaLimits()
    limits.maxPixels = 192 * 128 - 1
    for name in ["tiff-tiled.tif", "tiff-jpeg.tif", "passing/big.tif"] {
      let refusal = failure { _ = try decode(StillCases.path(name), limits: limits) }
      #expect(refusal?.code == .mediaTooLarge, "\(name)")
    }
  }
}
