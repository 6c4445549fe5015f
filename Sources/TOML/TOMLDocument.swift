/// Reads documents of TOML 1.0 (toml.io/en/v1.0.0).
///
/// The time that takes grows with the size of the document only, and so does the memory; no text
/// ends the process. A byte order mark at the beginning is passed over.
public enum TOMLDocument {
  /// How deep tables and arrays may lie in each other.
  public static let depthLimit = 32

  /// The table that a document describes.
  ///
  /// - Parameter limit: the most bytes that are read.
  /// - Throws: `TOMLProblem` with the first thing that is wrong.
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
