import FoundationEssentials

/// Tab-separated text as pandas writes it: a field with a tab, a quote or a line end is in double
/// quotes, and quotes inside it are doubled.
struct TSVTable {
  /// One field: its bytes without the outer quotes.
  struct Field {
    let bytes: Data
    let isQuoted: Bool

    /// The field as text, doubled quotes made single; damaged UTF-8 gives replacement characters.
    var text: String {
      let text = String(decoding: bytes, as: UTF8.self)
      return isQuoted ? text.replacing("\"\"", with: "\"") : text
    }
  }

  /// The rows; `nil` for a row whose quote is never closed.
  let rows: [[Field]?]

  init(_ data: Data) {
    var rows: [[Field]?] = []
    data.withUnsafeBytes { bytes in
      var position = 0
      // Spreadsheets write a byte order mark.
      if bytes.count >= 3, bytes[0] == 0xEF, bytes[1] == 0xBB, bytes[2] == 0xBF { position = 3 }
      while position < bytes.count {
        let start = position
        if let ranges = Self.row(bytes, &position) {
          // pandas skips empty lines, too.
          if ranges.count == 1, ranges[0].range.isEmpty, !ranges[0].isQuoted { continue }
          rows.append(
            ranges.map { field in
              let first = data.startIndex + field.range.lowerBound
              return Field(
                bytes: data[first..<first + field.range.count], isQuoted: field.isQuoted)
            })
        } else {
          // Only this line is dropped; otherwise the open quote would include all lines after it.
          rows.append(nil)
          position = start
          while position < bytes.count, bytes[position] != Self.lineFeed { position += 1 }
          position += 1
        }
      }
    }
    self.rows = rows
  }

  private static let tab = UInt8(ascii: "\t")
  private static let quote = UInt8(ascii: "\"")
  private static let lineFeed = UInt8(ascii: "\n")
  private static let carriageReturn = UInt8(ascii: "\r")

  /// Reads one row and moves past its line end.
  private static func row(
    _ bytes: UnsafeRawBufferPointer, _ position: inout Int
  ) -> [(range: Range<Int>, isQuoted: Bool)]? {
    var fields: [(range: Range<Int>, isQuoted: Bool)] = []
    while true {
      if position < bytes.count, bytes[position] == quote {
        let start = position + 1
        guard let end = closingQuote(bytes, from: start) else { return nil }
        fields.append((start..<end, true))
        position = end + 1
        // pandas writes nothing between the closing quote and the next tab; anything there is skipped.
        while position < bytes.count, bytes[position] != tab, bytes[position] != lineFeed {
          position += 1
        }
      } else {
        let start = position
        while position < bytes.count, bytes[position] != tab, bytes[position] != lineFeed {
          position += 1
        }
        var end = position
        let endsLine = position == bytes.count || bytes[position] == lineFeed
        if endsLine, end > start, bytes[end - 1] == carriageReturn { end -= 1 }
        fields.append((start..<end, false))
      }
      guard position < bytes.count else { return fields }
      position += 1
      if bytes[position - 1] == lineFeed { return fields }
    }
  }

  private static func closingQuote(_ bytes: UnsafeRawBufferPointer, from start: Int) -> Int? {
    var position = start
    while position < bytes.count {
      if bytes[position] == quote {
        guard position + 1 < bytes.count, bytes[position + 1] == quote else { return position }
        position += 1
      }
      position += 1
    }
    return nil
  }
}
