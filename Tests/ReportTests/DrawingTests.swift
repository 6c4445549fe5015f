import Foundation
import Media
import Merging
import Models
@testable import Report
import Testing

@Suite("Drawing")
struct DrawingTests {
  @Test("the font's letters fit their boxes, are told apart, and none is empty but the space")
  func font() {
    let characters = (0x20...0x7E).compactMap { Unicode.Scalar($0).map(Character.init) }
    let known = characters.filter { BitmapFont.glyph($0) != nil }
    let letters = characters.filter { $0.isLetter || $0.isNumber }
    #expect(letters.allSatisfy { BitmapFont.glyph($0) != nil })
    var seen: [[UInt8]: Character] = [:]
    for character in known {
      guard let glyph = BitmapFont.glyph(character) else { continue }
      #expect((7...9).contains(glyph.count), "\(character)")
      #expect(glyph.allSatisfy { $0 < 32 }, "\(character)")
      #expect(glyph.contains { $0 != 0 } == (character != " "), "\(character)")
      #expect(seen[glyph] == nil, "\(character) looks like \(seen[glyph].map(String.init) ?? "")")
      seen[glyph] = character
    }
  }

  @Test("a letter is drawn where it belongs, and unknown ones are reported")
  func letters() {
    var canvas = Canvas(width: 30, height: 20, color: .paper)
    canvas.text("T", x: 3, y: 2, scale: 2, color: .ink)
    let ink = (0..<20).flatMap { y in (0..<30).map { ($0, y) } }.filter {
      canvas.image.pixel($0.0, $0.1) == [Color.ink.red, Color.ink.green, Color.ink.blue]
    }
    // The bar, 10×2, and the stem, 2×12.
    #expect(ink.count == 20 + 24)
    #expect(ink.allSatisfy { (3..<13).contains($0.0) && (2..<16).contains($0.1) })
    #expect(canvas.missingCharacters.isEmpty)
    canvas.text("→ж", x: 0, y: 0)
    #expect(canvas.missingCharacters == ["ж"])
  }

  @Test("drawing outside is clipped")
  func clipping() {
    var canvas = Canvas(width: 9, height: 7)
    canvas.fill(PixelRect(x: -5, y: -5, width: 100, height: 100), .ink)
    canvas.frame(PixelRect(x: 7, y: -2, width: 9, height: 30), thickness: 2, .recycled)
    canvas.draw(RGBImage.noise(width: 20, height: 3, seed: 3), x: -4, y: 5)
    canvas.draw(RGBImage.noise(width: 4, height: 4, seed: 3), x: 40, y: 40)
    #expect(canvas.image.pixels.count == 9 * 7 * 3)
    #expect(canvas.image.pixel(0, 0) == [Color.ink.red, Color.ink.green, Color.ink.blue])
  }

  @Test("score colors get lighter step by step")
  func colors() {
    // The relative luminance, which is what people without color vision see of a color.
    let luminances = (0...64).map { step in
      let color = ScoreColors.color(Double(step) / 64)
      let shares: [Double] = [color.red, color.green, color.blue].map { pow(Double($0) / 255, 2.2) }
      return 0.2126 * shares[0] + 0.7152 * shares[1] + 0.0722 * shares[2]
    }
    #expect(zip(luminances, luminances.dropFirst()).allSatisfy { $0 < $1 })
    #expect(luminances[0] < 0.03 && luminances[64] > 0.7)
    #expect(ScoreColors.color(.nan) == ScoreColors.color(0))
    #expect(ScoreColors.color(7) == ScoreColors.color(1))
  }

  @Test("ranks: equal scores share one, groups that had left have none")
  func ranks() {
    let scores: [Float] = [0.2, 0.9, 0.2, 0.4]
    let record = MergeRecord(
      MergePlan(kept: [1, 3]), scores: scores, arrived: [0, 2, 3, 5])
    let ranks = ScoreRanks(groups: 6, record: record)
    let expected: [Double?] = [0.5 / 3, nil, 1, 0.5 / 3, nil, 2.0 / 3]
    #expect(ranks.shares == expected)
  }

  @Test("text is broken at spaces, and no line is wider than asked unless a word is")
  func wrapping() {
    #expect(Sheet.wrapped("", width: 100).isEmpty)
    let lines = Sheet.wrapped("Picture 12 after LLM 25: 338 of 988 tokens left", width: 200)
    #expect(lines.joined(separator: " ") == "Picture 12 after LLM 25: 338 of 988 tokens left")
    #expect(lines.allSatisfy { BitmapFont.width($0, scale: Sheet.scale) <= 200 })
    #expect(Sheet.wrapped("a incomprehensibilities b", width: 40).count == 3)
  }

  @Test("labels of narrow pictures do not run into each other, and legends are not cut off")
  func narrow() {
    let picture = Canvas(width: 8, height: 30, color: .outline)
    let panel = Sheet.Panel(pictures: [picture], labels: ["ViT 5", "1024 tokens left"])
    let item = LegendItem(sample: .scale, text: "rank of the score: lowest to highest")
    let sheet = Sheet(title: "T", panels: [panel, panel], columns: 2, legend: [item])
    let drawn = sheet.draw().image
    #expect(drawn.width >= item.width(scale: Sheet.scale) + 2 * Sheet.margin)
    // Between the two columns, nothing is drawn from the top of the pictures to the end of the labels.
    let dark = [Color.outline.red, Color.outline.green, Color.outline.blue]
    let starts = (0..<drawn.width).filter { x in
      (0..<drawn.height).contains { drawn.pixel(x, $0) == dark }
    }
    let (first, second) = (starts.min() ?? 0, (starts.max() ?? 0) - 7)
    #expect(second - first >= BitmapFont.width("1024 tokens", scale: Sheet.scale) + Sheet.gap)
  }

  @Test("groups are whole pixels, side by side, and cover the picture")
  func grid() {
    for (across, down) in [(9, 7), (1, 40), (57, 3), (128, 128)] {
      let patches = PatchGrid(height: down * 2, width: across * 2, mergeSize: 2)
      let grid = GroupGrid(patches, longest: 1024, cells: 8...128)
      #expect(grid.groups == across * down)
      var covered = 0
      for group in 0..<grid.groups {
        let rect = grid.rect(of: group)
        #expect(rect.x + rect.width <= grid.width && rect.y + rect.height <= grid.height)
        covered += rect.width * rect.height
        // The first patch of the group, in the model's own numbering.
        let (row, column) = patches.position(of: group * 4)
        #expect(rect.x * 2 * across == column * grid.width)
        #expect(rect.y * 2 * down == row * grid.height)
      }
      #expect(covered == grid.width * grid.height)
    }
  }
}
