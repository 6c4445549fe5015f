import Diagnostics
import FoundationEssentials

/// Reads a schema that is given on the command line: as JSON, or by the name of a file.
enum SchemaFile {
  /// The schema's text. What begins with a brace is the schema itself.
  ///
  /// - Throws: `command.schema-file` for a file that cannot be read.
  static func schema(_ text: String) throws(Failure) -> String {
    let start = text.drop { $0.isWhitespace }
    if start.hasPrefix("{") || start == "true" { return text }
    let bytes: Data
    do {
      bytes = try Data(contentsOf: URL(filePath: text))
    } catch {
      throw Failure(
        .missingInput, code: .commandSchemaFile, "the schema “\(text)” cannot be read",
        remedy: "Give a file with a JSON Schema, or the schema itself, which begins with {.")
    }
    guard let schema = String(validating: bytes, as: UTF8.self) else {
      throw Failure(
        .badInput, code: .commandSchemaFile, "the schema “\(text)” is not UTF-8",
        remedy: "Save it as UTF-8.")
    }
    return schema
  }
}
