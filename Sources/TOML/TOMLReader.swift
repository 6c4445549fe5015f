/// Reads a document in one pass.
struct TOMLReader {
  let bytes: [UInt8]
  var position = 0
  private(set) var line = 1
  /// The start of the current line.
  private var lineStart = 0
  private let root = TableBuilder(.heading, line: 1)

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { (position, lineStart) = (3, 3) }
  }

  /// Refuses text that is not UTF-8.
  mutating func checkEncoding() throws(TOMLProblem) {
    guard String(validating: bytes, as: UTF8.self) == nil else { return }
    var line = 1
    for part in bytes.split(separator: 0x0A, omittingEmptySubsequences: false) {
      guard String(validating: part, as: UTF8.self) != nil else { break }
      line += 1
    }
    throw TOMLProblem(line: line, column: 1, message: "this line is not UTF-8 text")
  }

  /// Reads all lines.
  mutating func document() throws(TOMLProblem) -> TOMLTable {
    var current = root
    var depth = 0
    while true {
      skipBlanks()
      if next == UInt8(ascii: "[") {
        (current, depth) = try heading()
      } else if let next, !isLineEnd(next), next != UInt8(ascii: "#") {
        try pair(into: current, depth: depth)
      }
      try skipComment()
      guard try takeLineEnd() else {
        guard next == nil else { throw problem("the line should end here") }
        return root.table
      }
    }
  }

  // MARK: - Tables

  /// Reads `[a.b]` or `[[a.b]]`.
  ///
  /// - Returns: the table that the following lines belong to, and its depth.
  private mutating func heading() throws(TOMLProblem) -> (TableBuilder, Int) {
    position += 1
    let isArray = take(UInt8(ascii: "["))
    let names = try key(depth: 0)
    guard take(UInt8(ascii: "]")), !isArray || take(UInt8(ascii: "]")) else {
      throw problem("a heading should end here with \(isArray ? "]]" : "]")")
    }
    var table = root
    for name in names.dropLast() { table = try parent(name, in: table) }
    let name = names[names.count - 1]
    let own = TableBuilder(.heading, line: line)
    switch (table[name], isArray) {
    case (nil, true): table[name] = .tables(TableBuilder.List(own))
    case (nil, false): table[name] = .table(own)
    case (.tables(let list), true): list.tables.append(own)
    case (.table(let known), false) where known.origin == .parent:
      known.origin = .heading
      known.line = line
      return (known, names.count)
    default: throw problem("“\(shown(name))” is there already")
    }
    return (own, names.count)
  }

  /// The parent of a table.
  private func parent(_ name: String, in table: TableBuilder) throws(TOMLProblem) -> TableBuilder {
    switch table[name] {
    case nil:
      let builder = TableBuilder(.parent, line: line)
      table[name] = .table(builder)
      return builder
    case .table(let builder): return builder
    case .tables(let list): return list.tables.last ?? table
    case .value: throw problem("“\(shown(name))” is a value already and no table")
    }
  }

  /// Reads `a.b = value` into a table of the given depth.
  mutating func pair(into table: TableBuilder, depth: Int) throws(TOMLProblem) {
    let line = line
    let names = try key(depth: depth)
    guard take(UInt8(ascii: "=")) else { throw problem("“=” and a value should come here") }
    skipBlanks()
    var table = table
    for name in names.dropLast() {
      switch table[name] {
      case nil:
        let builder = TableBuilder(.key, line: line)
        table[name] = .table(builder)
        table = builder
      case .table(let builder) where builder.origin == .key: table = builder
      default: throw problem("“\(shown(name))” is there already: nothing can be added to it here")
      }
    }
    let name = names[names.count - 1]
    guard table[name] == nil else { throw problem("“\(shown(name))” is there already") }
    let content = try value(depth: depth + names.count)
    table[name] = .value(TOMLValue(content: content, line: line))
  }

  /// Reads the names of a key; a dotted key has several.
  ///
  /// - Parameter depth: the depth of the table with the key.
  /// - Returns: at least one name.
  private mutating func key(depth: Int) throws(TOMLProblem) -> [String] {
    var names: [String] = []
    repeat {
      skipBlanks()
      names.append(try name())
      skipBlanks()
      try checkDepth(depth + names.count)
    } while take(UInt8(ascii: "."))
    return names
  }

  private mutating func name() throws(TOMLProblem) -> String {
    switch next {
    case UInt8(ascii: "\""): return try basicText()
    case UInt8(ascii: "'"): return try literalText()
    default:
      let start = position
      while let byte = next, Self.isBare(byte) { position += 1 }
      guard position > start else { throw problem("a name should come here") }
      return String(decoding: bytes[start..<position], as: UTF8.self)
    }
  }

  // MARK: - Bytes

  /// The byte at the reading position; `nil` at the end.
  var next: UInt8? { position < bytes.count ? bytes[position] : nil }

  /// The byte `count` bytes after the reading position.
  func byte(after count: Int) -> UInt8? {
    position + count < bytes.count ? bytes[position + count] : nil
  }

  /// Skips a byte if it comes next.
  mutating func take(_ byte: UInt8) -> Bool {
    guard next == byte else { return false }
    position += 1
    return true
  }

  /// Skips spaces and tabs.
  mutating func skipBlanks() {
    while next == 0x20 || next == 0x09 { position += 1 }
  }

  /// Skips a comment, if there is one, up to the end of its line.
  mutating func skipComment() throws(TOMLProblem) {
    skipBlanks()
    guard next == UInt8(ascii: "#") else { return }
    while let byte = next, !isLineEnd(byte) {
      try checkCharacter(byte)
      position += 1
    }
  }

  /// Skips a line end if one comes next.
  mutating func takeLineEnd() throws(TOMLProblem) -> Bool {
    let length =
      switch (next, byte(after: 1)) {
      case (0x0A, _): 1
      case (0x0D, 0x0A): 2
      case (0x0D, _): throw problem("a carriage return without a line feed")
      default: 0
      }
    guard length > 0 else { return false }
    position += length
    line += 1
    lineStart = position
    return true
  }

  func isLineEnd(_ byte: UInt8) -> Bool { byte == 0x0A || byte == 0x0D }

  /// Refuses control characters; texts and comments may contain only the tab.
  func checkCharacter(_ byte: UInt8) throws(TOMLProblem) {
    guard byte >= 0x20 && byte != 0x7F || byte == 0x09 else {
      throw problem("a control character (\(byte))")
    }
  }

  func checkDepth(_ depth: Int) throws(TOMLProblem) {
    guard depth <= TOMLDocument.depthLimit else {
      throw problem("tables and lists lie more than \(TOMLDocument.depthLimit) deep in each other")
    }
  }

  /// A name or a word for messages: on one line, and cut if it is long.
  func shown(_ text: String) -> String {
    var start = ""
    for scalar in text.unicodeScalars.prefix(40) {
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator: start += "?"
      default: start.unicodeScalars.append(scalar)
      }
    }
    return text.unicodeScalars.count > 40 ? start + "…" : start
  }

  /// An error at the reading position.
  func problem(_ message: String) -> TOMLProblem {
    let before = bytes[lineStart..<max(lineStart, min(position, bytes.count))]
    let column = before.count { $0 & 0xC0 != 0x80 } + 1
    return TOMLProblem(line: line, column: column, message: message)
  }

  /// Whether a byte may occur in a name without quotes.
  private static func isBare(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
      true
    default: false
    }
  }
}
