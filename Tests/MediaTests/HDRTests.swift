import Foundation
import Media
import Testing

@Suite("HDR, wide gamut and unusual matrices")
struct HDRTests {
  /// A gray video of one luma code of 10 bits.
  private func gray(_ transfer: String, _ code: Int) throws -> String {
    try Fixtures.make(
      "gray-\(transfer)-\(code).mp4",
      from: "color=c=black:s=64x64:r=5:d=0.4,format=yuv420p10le,geq=lum=\(code):cb=512:cr=512",
      "-c:v libx265 -x265-params log-level=none:lossless=1 -color_primaries bt2020 "
        + "-color_trc \(transfer) -colorspace bt2020nc -color_range tv")
  }

  private func frame(_ path: String) throws -> RGBImage {
    try #require(try sample(path, .exactly(1)).frames.first)
  }

  /// The code of light in cd/m2, by BT.2408's white of 203 and BT.1886's gamma.
  private func code(_ light: Double) -> Int {
    let share = light / 203
    let shown = share < 0.8 ? share : 0.8 + 0.2 * tanh((share - 0.8) / 0.2)
    return Int((255 * pow(shown, 1 / 2.4)).rounded())
  }

  @Test(arguments: [100, 300, 502, 721, 800, 940])
  func hybridLogGammaIsShownWithItsOOTF(_ luma: Int) throws {
    // BT.2100, table 5: the inverse OETF, and the OOTF of a display of 1000 cd/m2.
    let signal = Double(luma - 64) / 876
    let scene =
      signal <= 0.5
      ? signal * signal / 3 : (exp((signal - 0.55991073) / 0.17883277) + 0.28466892) / 12
    let seen = try frame(try gray("arib-std-b67", luma)).color(32, 32)
    #expect(distance(seen, [Int](repeating: code(1000 * pow(scene, 1.2)), count: 3)) <= 1)
  }

  @Test(arguments: [100, 300, 440, 573, 723, 940])
  func perceptualQuantizationIsShownAsLight(_ luma: Int) throws {
    // BT.2100, table 4: the EOTF.
    let power = pow(Double(luma - 64) / 876, 1 / 78.84375)
    let light =
      10_000 * pow(max(power - 0.8359375, 0) / (18.8515625 - 18.6875 * power), 1 / 0.1593017578125)
    let seen = try frame(try gray("smpte2084", luma)).color(32, 32)
    #expect(distance(seen, [Int](repeating: code(light), count: 3)) <= 1)
  }

  /// Three fields on black.
  @Test(arguments: ["hdr-hlg-hevc10.mp4", "colour-ycgco.mp4"])
  func fieldsHaveTheColorsTheyWereMadeWith(_ name: String) throws {
    let seen = try frame(CaseFiles.path(name))
    let colors = [[200, 40, 40], [40, 170, 40], [40, 40, 200]]
    var found: Set<Int> = []
    for y in stride(from: 4, to: seen.height, by: 8) {
      for x in stride(from: 4, to: seen.width, by: 8) {
        let color = seen.color(x, y)
        if let place = colors.firstIndex(where: { distance($0, color) <= 10 }) {
          found.insert(place)
        }
      }
    }
    #expect(found == [0, 1, 2])
  }

  /// A color of BT.709 that was stored with wide primaries is what it was.
  @Test(arguments: [("bt2020", "bt2020nc", 9), ("smpte432", "bt709", 12)])
  func wideGamutIsBroughtToBT709(_ primaries: String, _ matrix: String, _ number: Int) throws {
    let path = try Fixtures.make(
      "wide-\(primaries).mp4",
      from: "color=c=0xC82828:s=64x64:r=5:d=0.4,format=gbrp,"
        + "setparams=color_primaries=bt709:color_trc=bt709:colorspace=gbr,"
        + "zscale=primaries=\(number):matrix=\(matrix == "bt709" ? 1 : 9):range=limited,"
        + "format=yuv444p10le",
      "-c:v libx265 -x265-params log-level=none:lossless=1 -color_primaries \(primaries) "
        + "-color_trc bt709 -colorspace \(matrix) -color_range tv")
    #expect(distance(try frame(path).color(32, 32), [200, 40, 40]) <= 2)
  }

  /// Pixels with sides that are no multiple of the chroma's go another way to the same result.
  @Test func oddSidesGiveTheSameColors() throws {
    let path = try Fixtures.make(
      "odd-hlg.mkv",
      from: "color=c=black:s=33x17:r=5:d=0.4,format=yuv420p10le,geq=lum=502:cb=512:cr=512",
      "-c:v ffv1 -color_primaries bt2020 -color_trc arib-std-b67 -colorspace bt2020nc "
        + "-color_range tv")
    #expect(distance(try frame(path).color(16, 8), [143, 143, 143]) <= 1)
  }

  /// Images keep their values, as in the programs that models were trained with.
  @Test func imagesWithPQKeepTheirValues() throws {
    let marked = try decode(CaseFiles.path("passing/avif-pq.avif")).image
    // Tone mapping would darken the red field to less than half of its value.
    #expect(marked.pixels.enumerated().contains { $0.offset % 3 == 0 && $0.element >= 218 })
    #expect(marked.pixels.max() ?? 0 >= 238)
  }
}
