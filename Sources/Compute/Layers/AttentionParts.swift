/// Parts of a matrix's rows that attend to themselves only, such as the windows of an image encoder.
public struct AttentionParts: Sendable, Equatable {
  /// The rows of the matrix, part after part.
  let rows: [UInt32]
  /// The range of each part in `rows`.
  let ranges: [Range<Int>]

  /// Parts as lists of rows. Together they hold every row of the matrix once.
  public init(_ parts: [[Int]]) {
    var (rows, ranges): ([UInt32], [Range<Int>]) = ([], [])
    for part in parts where !part.isEmpty {
      ranges.append(rows.count..<rows.count + part.count)
      rows += part.map { UInt32(clamping: $0) }
    }
    self.rows = rows
    self.ranges = ranges
  }

  /// Rows of the longest part.
  public var longest: Int { ranges.map(\.count).max() ?? 0 }

  /// Whether every one of `count` rows is in one part.
  func covers(_ count: Int) -> Bool {
    guard rows.count == count else { return false }
    var isSeen = [Bool](repeating: false, count: count)
    for row in rows {
      guard row < count, !isSeen[Int(row)] else { return false }
      isSeen[Int(row)] = true
    }
    return true
  }

  /// Values of the rows in the order of the parts.
  func gathered(_ values: [Float]) -> [Float] { rows.map { values[Int($0)] } }

  /// Values in the order of the parts as values of the rows.
  func scattered(_ values: [Float]) -> [Float] {
    var scattered = [Float](repeating: 0, count: values.count)
    for (row, value) in zip(rows, values) { scattered[Int(row)] = value }
    return scattered
  }
}
