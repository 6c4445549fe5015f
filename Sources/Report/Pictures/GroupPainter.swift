import Media

/// Draws the fates or the scores of groups over a picture of the grid's size.
struct GroupPainter {
  /// The picture, `grid.width × grid.height` pixels.
  let image: RGBImage
  /// Where the groups are.
  let grid: GroupGrid

  /// Draws the fates: groups that are left are unchanged, to the bit; those that received others get an
  /// outline inside their border; removed groups are gray, dim and hatched.
  func fates(_ fates: GroupFates) -> Canvas {
    var canvas = Canvas(image)
    for (group, fate) in fates.fates.enumerated() where fate != .kept {
      let rect = grid.rect(of: group)
      switch fate {
      case .givenUp:
        canvas.change(rect, Self.dimmed)
        drawBorder(of: group, fates, on: &canvas)
      case .recycled: Self.outline(rect, on: &canvas)
      case .kept: break
      }
    }
    return canvas
  }

  /// Draws a light line where a removed group touches one that is left, on the side of the removed one.
  private func drawBorder(of group: Int, _ fates: GroupFates, on canvas: inout Canvas) {
    guard grid.cell >= 8 else { return }
    func isLeft(_ column: Int, _ row: Int) -> Bool {
      guard (0..<grid.across).contains(column), (0..<grid.down).contains(row) else { return false }
      let neighbor = row * grid.across + column
      return fates.fates.indices.contains(neighbor) && fates.fates[neighbor] != .givenUp
    }
    let (column, row) = (group % grid.across, group / grid.across)
    let rect = grid.rect(of: group)
    var line = rect
    line.width = 1
    if isLeft(column - 1, row) { canvas.fill(line, .border) }
    if isLeft(column + 1, row) { canvas.fill(line.moved(rect.width - 1, 0), .border) }
    line = rect
    line.height = 1
    if isLeft(column, row - 1) { canvas.fill(line, .border) }
    if isLeft(column, row + 1) { canvas.fill(line.moved(0, rect.height - 1), .border) }
  }

  /// Draws every group in the color of its score; groups without a score are light gray.
  func scores(_ ranks: ScoreRanks) -> Canvas {
    var canvas = Canvas(image)
    for (group, share) in ranks.shares.enumerated() {
      let tint = share.map(ScoreColors.color) ?? .absent
      canvas.change(grid.rect(of: group)) { _, _, color in
        // A quarter of the picture's brightness shows through, so that its content can be recognized.
        func mixed(_ channel: UInt8) -> UInt8 {
          UInt8((Int(channel) * 3 + color.luma) / 4)
        }
        return Color(mixed(tint.red), mixed(tint.green), mixed(tint.blue))
      }
    }
    return canvas
  }

  /// Gray of half the contrast, hatched, because dimming alone is not visible on a dark picture.
  static func dimmed(_ x: Int, _ y: Int, _ color: Color) -> Color {
    let gray = color.luma * 3 / 8 + 40
    let value = UInt8((x + y) % 8 == 0 ? gray + 36 : gray)
    return Color(value, value, value)
  }

  /// Draws an orange outline with a dark line inside it, where there is room for both.
  static func outline(_ rect: PixelRect, on canvas: inout Canvas) {
    let thickness = max(1, min(3, rect.width / 12))
    canvas.frame(rect, thickness: thickness, .recycled)
    guard rect.width >= 12 else { return }
    canvas.frame(rect.inset(thickness), thickness: 1, .outline)
  }
}
