/// One entry of a legend: a small sample and its meaning.
struct LegendItem {
  /// What the sample shows.
  enum Sample {
    /// Unchanged colors of the picture.
    case kept
    /// An outline around the sample.
    case recycled
    /// A gray and hatched sample.
    case givenUp
    /// All colors of the score scale.
    case scale
    /// The color of groups without a score.
    case absent
  }

  let sample: Sample
  let text: String

  static let side = 16

  var sampleWidth: Int { sample == .scale ? 8 * Self.side : Self.side }

  func width(scale: Int) -> Int { sampleWidth + 8 + BitmapFont.width(text, scale: scale) }

  func draw(on canvas: inout Canvas, x: Int, y: Int, scale: Int) {
    let rect = PixelRect(x: x, y: y, width: sampleWidth, height: Self.side)
    switch sample {
    case .kept:
      let stripes = [Color(196, 72, 64), Color(240, 214, 140), Color(58, 122, 180)]
      for (index, color) in stripes.enumerated() {
        let left = rect.width * index / stripes.count
        canvas.fill(
          PixelRect(x: x + left, y: y, width: rect.width - left, height: rect.height), color)
      }
    case .recycled:
      canvas.fill(rect, Color(58, 122, 180))
      GroupPainter.outline(rect, on: &canvas)
    case .givenUp:
      canvas.fill(rect, Color(150, 150, 150))
      canvas.change(rect, GroupPainter.dimmed)
    case .scale:
      canvas.change(rect) { column, _, _ in
        ScoreColors.color(Double(column - x) / Double(rect.width - 1))
      }
    case .absent:
      canvas.fill(rect, .absent)
    }
    canvas.text(text, x: x + sampleWidth + 8, y: y + 1, scale: scale)
  }
}
