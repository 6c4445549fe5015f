import Diagnostics
import Testing

@testable import Models

@Suite("Sizes")
struct SmartResizeTests {
  /// Height and width, then the sizes from Transformers 4.57 with 65,536…16,777,216 pixels and with
  /// 4,096…262,144.
  static let pictures = [
    (448, 448, 448, 448, 448, 448), (896, 896, 896, 896, 512, 512),
    (1080, 1920, 1088, 1920, 384, 672), (50, 60, 256, 288, 64, 64),
    (33, 5000, 32, 4992, 32, 4992), (16, 16, 256, 256, 64, 64),
    (4000, 3000, 4000, 3008, 576, 416), (480, 640, 480, 640, 416, 576),
    (31, 97, 160, 480, 64, 128), (752, 1000, 768, 992, 416, 576), (80, 48, 352, 224, 64, 64),
    (176, 144, 288, 256, 192, 128),
  ]

  @Test("pictures get the reference's sizes", arguments: pictures)
  func picture(_ h: Int, _ w: Int, _ h1: Int, _ w1: Int, _ h2: Int, _ w2: Int) throws {
    let large = SmartResize(factor: 32, minPixels: 65_536, maxPixels: 16_777_216)
    let small = SmartResize(factor: 32, minPixels: 4096, maxPixels: 262_144)
    #expect(try large.image(height: h, width: w) == (h1, w1))
    #expect(try small.image(height: h, width: w) == (h2, w2))
  }

  /// Frames, height and width, then the reference's sizes with 131,072…786,432 pixels in all frames
  /// and with 4,096…25,165,824.
  static let videos = [
    (4, 1080, 1920, 320, 576, 1088, 1920), (768, 1080, 1920, 32, 32, 128, 224),
    (16, 720, 1280, 160, 288, 704, 1280), (5, 128, 160, 160, 192, 128, 160),
    (7, 48, 64, 128, 160, 64, 64), (2, 33, 40, 256, 288, 64, 64),
    (64, 480, 640, 96, 128, 480, 640), (3, 2160, 3840, 384, 672, 2144, 3840),
  ]

  @Test("frames get the reference's sizes", arguments: videos)
  func video(
    _ frames: Int, _ h: Int, _ w: Int, _ h1: Int, _ w1: Int, _ h2: Int, _ w2: Int
  ) throws {
    let short = SmartResize(factor: 32, minPixels: 131_072, maxPixels: 786_432)
    let long = SmartResize(factor: 32, minPixels: 4096, maxPixels: 25_165_824)
    #expect(try short.video(frames: frames, height: h, width: w, temporalFactor: 2) == (h1, w1))
    #expect(try long.video(frames: frames, height: h, width: w, temporalFactor: 2) == (h2, w2))
  }

  @Test("extremely long and narrow pictures are refused")
  func proportions() {
    let size = SmartResize(factor: 32, minPixels: 4096, maxPixels: 262_144)
    #expect(throws: Failure.self) { try size.image(height: 10, width: 2001) }
    #expect(throws: Failure.self) { try size.image(height: 0, width: 5) }
  }
}
