import Diagnostics
import FoundationEssentials
import Media

/// The questions of a file.
public struct DataSet: Sendable {
  /// The path of the file.
  public let path: String
  /// The SHA-256 of its bytes, in hexadecimal.
  public let sha256: String
  /// All rows, including damaged ones.
  public let rows: [DataRow]

  /// Reads a VLMEvalKit table (`.tsv`) or lines of JSON (`.jsonl`).
  ///
  /// - Throws: `evaluation.data` for a file that cannot be read, is of another kind, or has no row.
  public init(path: String) throws(Failure) {
    self.path = path
    let data: Data
    do {
      data = try Data(contentsOf: URL(filePath: path), options: .mappedIfSafe)
    } catch {
      throw Failure(
        .missingInput, code: .evaluationData, "\(path) cannot be read: \(error)",
        remedy: "Give the path of a .tsv or .jsonl file.")
    }
    guard !data.isEmpty else {
      throw Failure(
        .badInput, code: .evaluationData, "\(path) is empty",
        remedy: "Give a file with at least one row.")
    }
    sha256 = try FileDigest.sha256(path: path)
    let folder = Self.folder(of: path)
    let ending = path.split(separator: ".").last.map { $0.lowercased() }
    switch ending {
    case "tsv": rows = try TSVDataSet(data, file: path, folder: folder).rows
    case "jsonl": rows = JSONLDataSet.rows(data, folder: folder)
    default:
      throw Failure(
        .usage, code: .evaluationData, "\(path) is neither a .tsv nor a .jsonl file",
        remedy: "End the name of a VLMEvalKit table in .tsv, and that of lines of JSON in .jsonl.")
    }
    guard !rows.isEmpty else {
      throw Failure(
        .badInput, code: .evaluationData, "\(path) has no question in it",
        remedy: "Give a file with at least one row.")
    }
  }

  /// The folder of a file, with its slash; empty for the current one.
  static func folder(of path: String) -> String {
    guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "" }
    return String(path[...slash])
  }

  /// The path in `folder` of a relative path; an absolute path is unchanged.
  static func resolve(_ path: String, in folder: String) -> String {
    path.hasPrefix("/") ? path : folder + path
  }
}
