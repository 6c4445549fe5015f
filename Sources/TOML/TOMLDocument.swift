/// Reads documents of TOML 1.0 (toml.io/en/v1.0.0).
///
/// Time and memory grow linearly with the size of the document, and no text ends the process. A byte
/// order mark at the beginning is skipped.
public enum TOMLDocument {
  /// The most levels of nested tables and arrays.
  public static let depthLimit = 32

  /// Reads the table of a document.
  ///
  /// - Parameter limit: the most bytes that are read.
  /// - Throws: `TOMLProblem` with the first error.
  public static func read(_ bytes: [UInt8], limit: Int = 1 << 20) throws(TOMLProblem) -> TOMLTable {
    guard bytes.count <= limit else {
      throw TOMLProblem(
        line: 1, column: 1, message: "the file has \(bytes.count) bytes, more than \(limit)")
    }
    var reader = TOMLReader(bytes)
    try reader.checkEncoding()
    return try reader.document()
  }
}
