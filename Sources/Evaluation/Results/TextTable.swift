@preconcurrency import Glibc

/// Rows of text in columns of equal width.
enum TextTable {
  /// The first column to the left, the others to the right.
  static func lines(_ rows: [[String]]) -> [String] {
    let columns = rows.map(\.count).max() ?? 0
    let widths = (0..<columns).map { column in
      rows.map { $0.indices.contains(column) ? $0[column].count : 0 }.max() ?? 0
    }
    return rows.map { row in
      row.enumerated().map { column, text in
        let space = String(repeating: " ", count: widths[column] - text.count)
        return column == 0 ? text + space : space + text
      }.joined(separator: "  ")
    }
  }

  /// `34.2 %`.
  static func percent(_ share: Double) -> String { decimal(share * 100, 1) + " %" }

  /// A number with some places after the point.
  static func decimal(_ value: Double, _ places: Int) -> String {
    var buffer = [CChar](repeating: 0, count: 64)
    let length = withVaList([Int32(places), value]) { vsnprintf(&buffer, buffer.count, "%.*f", $0) }
    let text = buffer.prefix(max(0, Int(length))).map(UInt8.init(bitPattern:))
    return String(decoding: text.prefix(63), as: UTF8.self)
  }
}
