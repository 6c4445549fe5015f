import Media
import Testing

@Suite struct ColorTests {
  /// Colors that BT.601 and BT.709 tell apart by 20 and more when mixed up.
  static let colors: [(String, [Int])] = [
    ("0xC83232", [200, 50, 50]), ("0x32C832", [50, 200, 50]), ("0x3232C8", [50, 50, 200]),
    ("0xFFFFFF", [255, 255, 255]), ("0x000000", [0, 0, 0]),
  ]
  static let spaces: [(String, String)] = [
    ("bt709", "bt709"), ("bt601", "smpte170m"), ("bt2020", "bt2020nc"),
  ]

  private func film(_ color: String, size: String, filter: String, tags: String, name: String)
    throws -> [Int]
  {
    let path = try Fixtures.make(
      name, from: "color=c=\(color):size=\(size):rate=5:duration=1,format=gbrp,\(filter)",
      "-c:v libx264 -qp 1 \(tags)")
    let image = try #require(try sample(path, .exactly(1)).frames.first)
    return image.color(image.width / 2, image.height / 2)
  }

  @Test(arguments: spaces, ["tv", "pc"])
  func markedMatricesAndRangesAreHonored(space: (String, String), range: String) throws {
    for (color, expected) in Self.colors {
      let seen = try film(
        color, size: "64x48",
        filter: "scale=out_color_matrix=\(space.0):out_range=\(range),format=yuv444p",
        tags: "-colorspace \(space.1) -color_range \(range)",
        name: "\(color)-\(space.0)-\(range).mp4")
      #expect(distance(seen, expected) <= 3, "\(color): \(seen)")
    }
  }

  @Test func unmarkedColorsGoBySize() throws {
    for (size, matrix) in [("64x48", "bt601"), ("1280x720", "bt709")] {
      let seen = try film(
        "0x32C832", size: size,
        filter: "scale=out_color_matrix=\(matrix):out_range=tv,"
          + "format=yuv420p,setparams=colorspace=unknown", tags: "", name: "unmarked\(size).mkv")
      #expect(distance(seen, [50, 200, 50]) <= 3, "\(size): \(seen)")
    }
  }

  @Test func tenBitsKeepTheColor() throws {
    let seen = try film(
      "0x32C832", size: "64x48",
      filter: "scale=out_color_matrix=bt709:out_range=tv,format=yuv420p10le",
      tags: "-colorspace bt709 -color_range tv", name: "ten-color.mp4")
    #expect(distance(seen, [50, 200, 50]) <= 2)
  }
}
