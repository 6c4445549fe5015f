import Basics
import Diagnostics
import TOML

/// The values of a TOML file, and the line numbers of its keys.
struct TOMLFile {
  /// The values.
  let values: [String: JSONValue]
  private let table: TOMLTable

  /// Reads TOML.
  ///
  /// - Parameter source: the file's name, for messages.
  /// - Throws: `config.toml` with line and column; `config.value` for a date or a time, which no setting
  ///   accepts.
  init(_ bytes: [UInt8], source: String) throws(Failure) {
    guard let text = TextBytes.utf8(bytes) else {
      throw Failure(
        .usage, code: .configTOML, "\(source) is neither UTF-8 nor UTF-16 text",
        remedy: "Save it as UTF-8.")
    }
    do {
      table = try TOMLDocument.read(text)
    } catch {
      throw Failure(
        .usage, code: .configTOML,
        "\(source) line \(error.line), column \(error.column): \(error.message)",
        remedy: "Put texts in quotes, and name each key only once in its table.")
    }
    values = try Self.object(table, source)
  }

  /// The line of a key, from 1; for an empty name, the line of its table. `nil` where there is none.
  func line(table path: String, name: String) -> Int? {
    var table = table
    var line: Int?
    for part in path.split(separator: ".").map(String.init) + (name.isEmpty ? [] : [name]) {
      guard let value = table[part] else { return nil }
      line = value.line
      table = if case .table(let inner) = value.content { inner } else { TOMLTable(entries: []) }
    }
    return line
  }

  // The depth of the document is limited, so the recursion is, too.

  private static func object(
    _ table: TOMLTable, _ source: String
  ) throws(Failure) -> [String: JSONValue] {
    var object: [String: JSONValue] = [:]
    for entry in table.entries { object[entry.name] = try value(entry.value, source) }
    return object
  }

  private static func value(_ value: TOMLValue, _ source: String) throws(Failure) -> JSONValue {
    switch value.content {
    case .text(let text): return .text(text)
    case .integer(let number): return .integer(number)
    case .number(let number): return .number(number)
    case .flag(let flag): return .flag(flag)
    case .array(let values):
      return .array(try values.map { inner throws(Failure) in try Self.value(inner, source) })
    case .table(let table): return .object(try object(table, source))
    case .time(let text):
      throw Failure(
        .usage, code: .configValue, "\(source) line \(value.line): \(text) is a date or a time",
        remedy: "Put quotes around what is meant as text: no option is a date or a time.")
    }
  }
}
