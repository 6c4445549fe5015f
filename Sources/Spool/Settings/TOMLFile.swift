import Diagnostics
import FoundationEssentials
import TOMLKit
import WorkerProtocol

/// A TOML file's values, and the lines its keys stand in.
struct TOMLFile {
  /// The values.
  let values: [String: JSONValue]
  private let text: String

  /// Parses TOML.
  ///
  /// - Parameter source: the file's name, for messages.
  /// - Throws: `config.toml` with the line.
  init(_ bytes: [UInt8], source: String) throws(Failure) {
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw Failure(
        .usage, code: "config.toml", "\(source) is not UTF-8 text", remedy: "Save it as UTF-8.")
    }
    self.text = text
    do {
      let json = try TOMLTable(string: text).convert(to: .json)
      values = try JSONLine.decode([String: JSONValue].self, Array(json.utf8))
    } catch let error as TOMLParseError {
      let line = error.source.begin.line
      throw Failure(
        .usage, code: "config.toml", "\(source) line \(line): \(error.description)",
        remedy: "Texts need quotes, and each key stands once in its table.")
    } catch let failure as Failure {
      throw failure
    } catch {
      throw Failure(.usage, code: "config.toml", "\(source): \(error)")
    }
  }

  /// The line of a key, from 1, as far as it is written plainly.
  ///
  /// The parser does not say where a value came from, so this looks for `name =` below `[table]`.
  func line(table: String, name: String) -> Int? {
    var current = ""
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
    {
      let words = line.drop { $0 == " " || $0 == "\t" }
      if words.hasPrefix("["), let end = words.firstIndex(of: "]") {
        current = words[words.index(after: words.startIndex)..<end].filter { $0 != " " }
        if name.isEmpty, current == table { return index + 1 }
      } else if current == table, let equals = words.firstIndex(of: "=") {
        let key = words[..<equals].filter { !" \t\"'".contains($0) }
        if key == name { return index + 1 }
      }
    }
    return nil
  }
}
