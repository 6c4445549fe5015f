/// A sheet of pictures in rows and columns with a title, a label under each picture, and a legend.
struct Sheet {
  /// One picture, or several below one another, with a label.
  struct Panel {
    var pictures: [Canvas]
    var labels: [String]

    var width: Int { pictures.map(\.width).max() ?? 0 }
    var height: Int {
      pictures.reduce(0) { $0 + $1.height } + Sheet.gap / 2 * max(0, pictures.count - 1)
    }
  }

  var title: String
  var panels: [Panel]
  var columns: Int
  var legend: [LegendItem]

  static let margin = 16
  static let gap = 16
  static let scale = 2
  private static let line = BitmapFont.lineHeight * scale
  /// The least width of titles and legends.
  private static let minWidth = 416
  /// The least width of labels: `1024 tokens` fits.
  private static let minLabelWidth = 132

  /// Draws the sheet.
  func draw() -> Canvas {
    let columns = max(1, min(columns, panels.count))
    let cell = cellWidth
    let labels = panels.map { panel in panel.labels.flatMap { Self.wrapped($0, width: cell) } }
    let legendWidth = legend.map { $0.width(scale: Self.scale) }.max() ?? 0
    let inner = max(
      Self.minWidth, legendWidth, columns * cell + (columns - 1) * Self.gap)
    let titles = Self.wrapped(title, width: inner)
    let rows = stride(from: 0, to: panels.count, by: columns).map { first in
      first..<min(first + columns, panels.count)
    }
    let heights = rows.map { row in
      row.map { panels[$0].height + 6 + labels[$0].count * Self.line }.max() ?? 0
    }
    let legendRows = self.legendRows(width: inner)
    let body = heights.reduce(0) { $0 + $1 + Self.gap }
    let top = Self.margin + titles.count * Self.line + 4
    var canvas = Canvas(
      width: inner + 2 * Self.margin,
      height: top + body + legendRows.count * Self.line + Self.margin / 2)

    for (index, text) in titles.enumerated() {
      canvas.text(text, x: Self.margin, y: Self.margin + index * Self.line, scale: Self.scale)
    }
    var y = top
    for (row, height) in zip(rows, heights) {
      for (column, index) in row.enumerated() {
        let x = Self.margin + column * (cell + Self.gap)
        draw(panels[index], labels[index], on: &canvas, x: x, y: y)
      }
      y += height + Self.gap
    }
    for row in legendRows {
      var x = Self.margin
      for item in row {
        item.draw(on: &canvas, x: x, y: y, scale: Self.scale)
        x += item.width(scale: Self.scale) + 2 * Self.gap
      }
      y += Self.line
    }
    return canvas
  }

  /// The width of a cell: that of the widest picture, or of the labels where pictures are narrower.
  private var cellWidth: Int {
    let pictures = panels.map(\.width).max() ?? 0
    let words = panels.flatMap(\.labels).flatMap { $0.split(separator: " ") }
    let longest = words.map { BitmapFont.width(String($0), scale: Self.scale) }.max() ?? 0
    return max(pictures, longest, words.isEmpty ? 0 : Self.minLabelWidth)
  }

  private func draw(
    _ panel: Panel, _ labels: [String], on canvas: inout Canvas, x: Int, y: Int
  ) {
    var y = y
    for picture in panel.pictures {
      canvas.draw(picture, x: x, y: y)
      y += picture.height + Self.gap / 2
    }
    y += 6 - Self.gap / 2
    for (index, label) in labels.enumerated() {
      canvas.text(
        label, x: x, y: y + index * Self.line, scale: Self.scale,
        color: index == 0 ? .ink : .faint)
    }
  }

  /// The legend entries by row, as many in a row as fit.
  private func legendRows(width: Int) -> [[LegendItem]] {
    var rows: [[LegendItem]] = []
    var used = width + 1
    for item in legend {
      let needed = item.width(scale: Self.scale) + 2 * Self.gap
      if used + needed > width + 2 * Self.gap {
        rows.append([])
        used = 0
      }
      rows[rows.count - 1].append(item)
      used += needed
    }
    return rows
  }

  /// A text in lines of at most `width` pixels, broken at spaces; a single word may be longer.
  static func wrapped(_ text: String, width: Int) -> [String] {
    var lines: [String] = []
    for word in text.split(separator: " ") {
      if let last = lines.last,
        BitmapFont.width("\(last) \(word)", scale: scale) <= width
      {
        lines[lines.count - 1] += " \(word)"
      } else {
        lines.append(String(word))
      }
    }
    return lines
  }
}
