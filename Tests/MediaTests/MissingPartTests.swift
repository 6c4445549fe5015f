import Diagnostics
import Foundation
import Testing

@testable import Media

@Suite struct MissingPartTests {
  /// A file of noise, so that its bytes are spread evenly over its lines.
  private func noise(_ name: String, _ options: String = "") throws -> String {
    try Fixtures.make(
      "noise-\(name)", from: "life=size=320x240:random_seed=3:random_fill_ratio=0.5",
      "-frames:v 1 \(options)")
  }

  private func cut(_ path: String, _ name: String, to share: Double) throws -> String {
    let bytes = try Fixtures.bytes(path)
    return try Fixtures.make(
      "noise-cut-\(share)-\(name)", bytes: Array(bytes[..<Int(share * Double(bytes.count))]))
  }

  /// The percentage that a warning names.
  private func percent(_ picture: DecodedImage) throws -> Int {
    let warning = try #require(picture.warnings.first)
    return try #require(warning.split(separator: " ").compactMap { Int($0) }.first)
  }

  @Test(arguments: [
    ("a.png", "-pix_fmt rgb24"), ("g.png", "-pix_fmt gray"), ("p.png", "-pix_fmt pal8"),
    ("r.png", "-pix_fmt rgba"),
    ("a.jpg", ""), ("a.webp", "-lossless 1"), ("l.webp", "-q:v 90"), ("a.bmp", "-pix_fmt bgr24"),
  ])
  func aPictureThatEndsEarlySaysHowMuchIsMissing(name: String, options: String) throws {
    let path = try noise(name, options)
    #expect(try decode(path).warnings == [])
    let picture = try decode(try cut(path, name, to: 0.6))
    #expect(picture.warnings.count == 1)
    #expect(picture.warnings.first?.contains("is missing: the file ends early") == true)
    #expect((30...60).contains(try percent(picture)), "\(picture.warnings)")
    // BMP begins at the lower edge.
    #expect(picture.warnings.first?.hasPrefix(name == "a.bmp" ? "the upper" : "the lower") == true)
    let gap = picture.image.color(160, name == "a.bmp" ? 2 : 237)
    #expect(distance(gap, [128, 128, 128]) <= 2, "\(gap)")
  }

  @Test(arguments: ["a.png", "a.webp", "a.bmp"])
  func aPictureOfWhichNothingIsLeftIsRefused(name: String) throws {
    let options = ["a.png": "-pix_fmt rgb24", "a.webp": "-lossless 1", "a.bmp": "-pix_fmt bgr24"]
    let path = try noise("whole-\(name)", options[name] ?? "")
    let bytes = try Fixtures.bytes(path)
    let head = try Fixtures.make("noise-head-\(name)", bytes: Array(bytes[..<300]))
    let refusal = try #require(failure { _ = try decode(head) })
    #expect(refusal.code == .mediaUndecodable)
    let jpeg = failure { _ = try decode(StillCases.path("passing/jpeg-only-headers.jpg")) }
    #expect(jpeg?.message.contains("ends before its pixels begin") == true)
  }

  @Test func threePercentOfAPictureIsSaidToBeThat() throws {
    let picture = try decode(StillCases.path("jpeg-only-4-kB.jpg"))
    #expect(
      picture.warnings == [
        "the lower 97 % of jpeg-only-4-kB.jpg is missing: the file ends early; copy it again"
      ])
    #expect(picture.image.color(320, 400) == [128, 128, 128])
  }

  @Test func aProgressiveJPEGThatIsCutIsNowhereGreen() throws {
    for share in [0.86, 0.9, 0.95] {
      let picture = try decode(try StillCases.cut("passing/jpeg-prog.jpg", to: share))
      #expect(picture.warnings.count == 1)
      let image = picture.image
      for y in stride(from: 0, to: image.height, by: 4) {
        for x in stride(from: 0, to: image.width, by: 4) {
          #expect(image.color(x, y) != [0, 135, 0])
        }
      }
    }
  }

  @Test func rareFormsOfJPEGAreNotCalledDamaged() throws {
    let refusal = try #require(failure { _ = try decode(StillCases.path("jpeg-arith.jpg")) })
    #expect(refusal.code == .mediaUnsupportedPixels)
    #expect(refusal.message.contains("arithmetic coding"))
    #expect(refusal.remedy?.contains("plain JPEG") == true)
  }

  @Test(arguments: [[UInt8]([10]), [13, 10], [0, 0, 0, 0], Array(repeating: 32, count: 64)])
  func blanksBeforeAPictureAreSkipped(blanks: [UInt8]) throws {
    for name in ["passing/jpeg-444.jpg", "passing/plain.png"] {
      let bytes = try Fixtures.bytes(StillCases.path(name))
      let path = try Fixtures.make(
        "blank-\(blanks.count)-\(blanks[0])-\(name.suffix(3))", bytes: blanks + bytes)
      #expect(try MediaKind.probe(path) == .image)
      #expect(try decode(path).image == decode(StillCases.path(name)).image)
    }
  }
}
