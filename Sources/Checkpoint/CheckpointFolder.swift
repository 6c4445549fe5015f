@preconcurrency import Glibc

import Diagnostics
import FoundationEssentials

/// The files of a checkpoint's folder, before any of them is parsed.
struct CheckpointFolder: Sendable {
  /// The most bytes of a JSON file that is read whole. The largest in use, `tokenizer.json`, has
  /// about 12 MB.
  static let fileLimit = 64 << 20

  let path: String

  init(_ path: String) throws(Failure) {
    var status = stat()
    guard stat(path, &status) == 0 else {
      switch errno {
      case ENOENT, ENOTDIR:
        throw Failure(
          .missingInput, code: .checkpointFolderMissing, "\(path): no such folder",
          remedy: "Name the folder that holds config.json and the .safetensors files.")
      case let code:
        throw RegularFile.unreadable(path, code)
      }
    }
    guard status.st_mode & S_IFMT == S_IFDIR else {
      if path.isGGUF { throw Checkpoint.gguf(path) }
      throw Failure(
        .modelUnusable, code: .checkpointNotAFolder, "\(path): not a folder",
        remedy: "Name the folder that holds the file, not the file itself.")
    }
    self.path = path
  }

  /// The names of everything in the folder, sorted; none where it may not be listed.
  var names: [String] {
    let names = try? FileManager.default.contentsOfDirectory(atPath: path)
    return names?.sorted() ?? []
  }

  /// The path of a file in the folder.
  func path(of fileName: String) -> String {
    path.hasSuffix("/") ? path + fileName : "\(path)/\(fileName)"
  }

  /// Whether the folder lists the name. A broken link counts, so that opening it reports the error.
  func contains(_ fileName: String) -> Bool {
    var status = stat()
    return lstat(path(of: fileName), &status) == 0
  }

  /// The contents of a small file, or `nil` where there is none.
  func read(_ fileName: String) throws(Failure) -> [UInt8]? {
    guard fileName.isPlainFileName else {
      throw Failure(
        .fault, code: .checkpointFileName,
        "\(path): \(fileName.quoted) is not the name of a file in the folder")
    }
    guard contains(fileName) else { return nil }
    return try RegularFile(path: path(of: fileName)).contents(limit: Self.fileLimit)
  }
}
