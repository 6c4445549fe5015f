import Diagnostics
import Engine
import FoundationEssentials

/// A question's media as files; media in base64 are written to a folder that is deleted with this
/// object.
final class TemporaryMedia {
  private(set) var items: [MediaItem] = []
  private var folder: String?

  /// - Throws: `evaluation.base64` for invalid base64, `evaluation.temporary` when a file cannot be
  ///   written.
  init(_ references: [EvaluationItem.MediaReference]) throws(Failure) {
    for (index, reference) in references.enumerated() {
      switch reference {
      case .file(let path): items.append(MediaItem(path: path))
      case .base64(let text):
        guard let bytes = Data(base64Encoded: text, options: .ignoreUnknownCharacters),
          !bytes.isEmpty
        else {
          throw Failure(
            .badInput, code: .evaluationBase64, "the picture is not base64",
            remedy: "Write it as base64, or give a path as image_path.")
        }
        if folder == nil { folder = try Self.makeFolder() }
        let place = folder ?? ""
        let path = "\(place)/\(index)"
        try Self.write(bytes, to: path)
        items.append(MediaItem(path: path))
      }
    }
  }

  deinit {
    if let folder { try? FileManager.default.removeItem(atPath: folder) }
  }

  private static func makeFolder() throws(Failure) -> String {
    let path = FileManager.default.temporaryDirectory
      .appending(path: "illava-eval-\(UUID().uuidString)").path
    do {
      // Images may be private, so no other user may read the folder.
      try FileManager.default.createDirectory(
        atPath: path, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
    } catch { throw failure(path, error) }
    return path
  }

  private static func write(_ bytes: Data, to path: String) throws(Failure) {
    do { try bytes.write(to: URL(filePath: path)) } catch { throw failure(path, error) }
  }

  private static func failure(_ path: String, _ error: any Error) -> Failure {
    Failure(
      .fault, code: .evaluationTemporary, "\(path) cannot be written: \(error)",
      remedy: "Free some space, or set TMPDIR to a folder that you may write in.")
  }
}
