/// A table with headings that fits a given width.
public struct Table {
  /// A column.
  public struct Column: Sendable {
    /// The heading.
    public var title: String
    /// Whether its text is cut when there is too little space.
    public var isFlexible: Bool
    /// Whether it is right-aligned, as numbers are.
    public var isNumber: Bool

    /// A column.
    public init(_ title: String, isFlexible: Bool = false, isNumber: Bool = false) {
      self.title = title
      self.isFlexible = isFlexible
      self.isNumber = isNumber
    }
  }

  /// The text of one cell.
  public struct Cell: Sendable {
    var text: String
    var meaning: Style.Meaning

    /// A cell; characters that could move the cursor are removed from the text.
    public init(_ text: String, _ meaning: Style.Meaning = .plain) {
      self.text = TextWidth.plain(text)
      self.meaning = meaning
    }
  }

  private static let gap = 2
  private static let minFlexible = 8
  private let columns: [Column]
  private var rows: [[Cell]] = []

  /// A table without rows.
  public init(_ columns: [Column]) { self.columns = columns }

  /// Adds a row with a cell for each column.
  public mutating func add(_ row: [Cell]) { rows.append(row) }

  /// Whether the table has no rows.
  public var isEmpty: Bool { rows.isEmpty }

  /// The lines, none wider than `width`; `nil` for full width.
  public func lines(width: Int?, style: Style) -> [String] {
    let widths = fitted(to: width)
    let heading = columns.map { Cell($0.title, .title) }
    return ([heading] + rows).map { row in
      var line = ""
      for (index, cell) in row.enumerated() where index < widths.count {
        let text = TextWidth.cut(cell.text, to: widths[index])
        let padding = String(repeating: " ", count: widths[index] - TextWidth.columns(text))
        let isLast = index == row.count - 1
        let styled = style.text(text, cell.meaning)
        if columns[index].isNumber {
          line += padding + styled
        } else {
          line += styled + (isLast ? "" : padding)
        }
        if !isLast { line += String(repeating: " ", count: Self.gap) }
      }
      return line
    }
  }

  private func fitted(to width: Int?) -> [Int] {
    var widths = columns.indices.map { index in
      ([columns[index].title] + rows.map { $0.indices.contains(index) ? $0[index].text : "" }).map(
        TextWidth.columns
      ).max() ?? 0
    }
    guard let width else { return widths }
    var excess = widths.reduce(0, +) + Self.gap * (columns.count - 1) - width
    // The widest flexible column is cut first, so that short ones stay whole.
    while excess > 0 {
      let flexible = columns.indices.filter {
        columns[$0].isFlexible && widths[$0] > Self.minFlexible
      }
      guard let widest = flexible.max(by: { widths[$0] < widths[$1] }) else { break }
      widths[widest] -= 1
      excess -= 1
    }
    // On a terminal that is still too narrow, the ends of the lines are cut.
    while excess > 0, let last = widths.lastIndex(where: { $0 > 1 }) {
      widths[last] -= 1
      excess -= 1
    }
    return widths
  }
}
