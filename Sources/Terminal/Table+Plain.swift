extension Table {
  /// Rows of text as lines without colors, at full width: the first row has the headings, the first
  /// column is left-aligned, the others are right-aligned.
  public static func plain(_ rows: [[String]]) -> [String] {
    let headings = rows.first ?? []
    var table = Table(headings.enumerated().map { Column($1, isNumber: $0 > 0) })
    for row in rows.dropFirst() { table.add(row.map { Cell($0) }) }
    return table.lines(width: nil, style: Style(isColored: false))
  }
}
