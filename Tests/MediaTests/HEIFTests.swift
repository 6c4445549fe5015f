import Diagnostics
import Foundation
import Testing

@testable import Media

@Suite struct HEIFTests {
  @Test func aHEICIsAPicture() throws {
    let path = StillCases.path("plain.heic")
    #expect(try MediaKind.probe(path) == .image)
    let picture = try decode(path)
    #expect(picture.format == "heic" && picture.warnings == [])
    #expect(StillCases.distanceOfQuadrants(picture.image) <= 3)
  }

  @Test func aTurnedPictureIsShownUpright() throws {
    let picture = try decode(StillCases.path("avif-irot90.avif"))
    #expect((picture.sourceWidth, picture.sourceHeight) == (128, 192))
    // Turned counterclockwise by a quarter: what was on the right is above.
    let image = picture.image
    #expect(distance(image.color(32, 48), [30, 180, 30]) <= 3)
    #expect(distance(image.color(96, 48), [240, 240, 240]) <= 3)
    #expect(distance(image.color(32, 144), [220, 30, 30]) <= 3)
  }

  @Test func aPictureOfTilesIsPutTogether() throws {
    let picture = try decode(StillCases.path("avif-grid.avif"))
    #expect((picture.sourceWidth, picture.sourceHeight) == (192, 128))
    #expect(StillCases.distanceOfQuadrants(picture.image) <= 3)
  }

  @Test func aSequenceOfImagesIsAVideo() throws {
    #expect(try MediaKind.probe(StillCases.path("passing/animated.avif")) == .video)
  }

  @Test func picturesOverTheLimitAreRefused() throws {
    var limits = MediaLimits()
    limits.maxPixels = 192 * 128 - 1
    for name in ["plain.heic", "avif-grid.avif", "avif-irot90.avif", "passing/plain.avif"] {
      let refusal = failure { _ = try decode(StillCases.path(name), limits: limits) }
      #expect(refusal?.code == .mediaTooLarge, "\(name)")
    }
  }

  @Test func aCutOneIsCalledCut() throws {
    for share in [0.5, 0.9] {
      let path = try StillCases.cut("plain.heic", to: share)
      let refusal = try #require(failure { _ = try decode(path) })
      #expect(refusal.code == .mediaUndecodable && refusal.message.contains("ends early"))
    }
  }

  @Test func onlyTheFirstFrameOfAnAnimatedWebPIsShownAndThisIsSaid() throws {
    let picture = try decode(StillCases.path("animated.webp"))
    #expect((picture.sourceWidth, picture.sourceHeight) == (192, 128))
    #expect(picture.warnings.count == 1)
    #expect(picture.warnings.first?.contains("only the first was looked at") == true)
  }
}
