import Media
import Testing

@Suite struct ColorTests {
  /// Colors that differ by 20 and more between BT.601 and BT.709.
  static let colors = [
    [200, 50, 50], [50, 200, 50], [50, 50, 200], [255, 255, 255], [0, 0, 0],
  ]
  static let spaces = [("bt709", "bt709"), ("bt601", "smpte170m"), ("bt2020", "bt2020nc")]

  /// The colors side by side, each 32 wide, as a video.
  private func bars(_ name: String, height: Int, filter: String, options: String) throws -> String {
    let boxes = Self.colors.enumerated().map { place, color in
      let hex = color.map { String(256 + $0, radix: 16).dropFirst() }.joined()
      return "drawbox=x=\(place * 32):y=0:w=32:h=\(height):c=0x\(hex):t=fill"
    }
    return try Fixtures.make(
      name,
      from: "color=size=160x\(height):rate=5:duration=0.4,format=gbrp,"
        + "\(boxes.joined(separator: ",")),\(filter)",
      "-c:v libx264 -preset ultrafast -qp 1 \(options)")
  }

  private func check(_ path: String, within tolerance: Int) throws {
    let image = try #require(try sample(path, .exactly(1)).frames.first)
    for (place, color) in Self.colors.enumerated() {
      let seen = image.color(place * 32 + 16, image.height / 2)
      #expect(distance(seen, color) <= tolerance, "\(color): \(seen)")
    }
  }

  @Test(arguments: spaces, ["tv", "pc"])
  func markedMatricesAndRangesAreHonored(space: (String, String), range: String) throws {
    let path = try bars(
      "\(space.0)-\(range).mp4", height: 32,
      filter: "scale=out_color_matrix=\(space.0):out_range=\(range),format=yuv444p",
      options: "-colorspace \(space.1) -color_range \(range)")
    try check(path, within: 3)
  }

  @Test func unmarkedColorsGoBySize() throws {
    for (height, matrix) in [(32, "bt601"), (720, "bt709")] {
      let path = try bars(
        "unmarked\(height).mkv", height: height,
        filter: "scale=out_color_matrix=\(matrix):out_range=tv,format=yuv420p,"
          + "setparams=colorspace=unknown", options: "")
      try check(path, within: 3)
    }
  }

  @Test func tenBitsKeepTheColor() throws {
    let path = try bars(
      "ten-color.mp4", height: 32,
      filter: "scale=out_color_matrix=bt709:out_range=tv,format=yuv420p10le",
      options: "-colorspace bt709 -color_range tv")
    try check(path, within: 2)
  }
}
