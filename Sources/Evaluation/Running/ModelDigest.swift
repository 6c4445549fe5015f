import Diagnostics
import FoundationEssentials
import Media
import Models

/// The SHA-256 of the files of a model folder that affect its answers.
public enum ModelDigest {
  /// Hashes configuration, tokenizer and weights.
  ///
  /// - Returns: 64 hexadecimal digits by file name.
  /// - Throws: `missingInput` when the folder or a file cannot be read.
  public static func files(of place: ModelPlace) throws(Failure) -> [String: String] {
    let folder = place.name
    guard place.isFolder else {
      var digests: [String: String] = [:]
      for path in try place.ggufFiles() {
        let name = path.split(separator: "/").last.map(String.init) ?? path
        digests[name] = try FileDigest.sha256(path: path)
      }
      return digests
    }
    guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder) else {
      throw Failure(
        .missingInput, code: .evaluationModel, "\(folder) is not a folder that can be read",
        remedy: "Give the folder of a model.")
    }
    var digests: [String: String] = [:]
    for name in names where [".json", ".safetensors", ".txt"].contains(where: name.hasSuffix) {
      digests[name] = try FileDigest.sha256(path: folder + "/" + name)
    }
    return digests
  }
}
