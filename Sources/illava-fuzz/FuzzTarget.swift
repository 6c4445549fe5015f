import Diagnostics
import FoundationEssentials

@preconcurrency import Glibc

/// A reader of untrusted texts.
protocol FuzzTarget {
  /// Valid texts.
  var corpus: [[UInt8]] { get }
  /// Words with a meaning in these texts.
  var words: [String] { get }
  /// Reads a text.
  ///
  /// - Returns: an error in how the text was handled; `nil` where it was read or refused.
  func read(_ text: [UInt8]) -> String?
  /// Checks at the end; returns the error, if there is one.
  func finish() -> String?
}

extension FuzzTarget {
  func finish() -> String? { nil }
}

/// All targets by their names.
enum FuzzTargets {
  static let names =
    ["toml", "settings", "job", "request", "config"] + families.keys.sorted().map { "config-" + $0 }
    + [
      "safetensors", "gguf", "gguf-mmproj", "tokenizer", "sentencepiece", "boxes", "socket",
      "store",
    ]

  /// Checkpoints of the other families, in both layouts of each.
  private static let families = [
    "qwen2-vl": ["tiny", "tiny-nested"], "qwen2.5-vl": ["tiny", "tiny-nested"],
    "internvl": ["tiny", "tiny-llama"], "llava-onevision": ["tiny", "tiny-nested"],
  ]

  /// The prefix of the paths that this process may write.
  static var scratch: String {
    let folder = FileManager.default.temporaryDirectory.path
    return (folder.hasSuffix("/") ? folder : folder + "/") + "illava-fuzz.\(getpid())"
  }

  /// - Parameter sources: the source folder, which has valid texts.
  static func make(_ name: String, sources: String) throws -> (any FuzzTarget)? {
    let fixtures = sources + "/Tests/EngineTests/Fixtures/"
    let model = fixtures + "tiny-early"
    if name.hasPrefix("config-"), let checkpoints = families[String(name.dropFirst(7))] {
      let folders = checkpoints.map { fixtures + name.dropFirst(7) + "/" + $0 }
      return try FolderTarget(.configuration, model: folders[0], like: folders)
    }
    return switch name {
    case "toml", "settings", "job", "request": try TextTarget(name, sources: sources)
    case "config": try FolderTarget(.configuration, model: model)
    case "safetensors": try FolderTarget(.weights, model: model)
    case "gguf", "gguf-mmproj": try GGUFTarget(fixtures + "gguf/", damagesText: name == "gguf")
    case "tokenizer": try FolderTarget(.tokenizer, model: model)
    case "sentencepiece":
      try FolderTarget(
        .pieces, model: sources + "/Tests/TokenizerTests/Fixtures/sentencepiece/model")
    case "boxes": BoxTarget()
    case "socket": try SocketTarget(model: model)
    case "store": try StoreTarget(model: model)
    default: nil
    }
  }

  /// The bytes of a file.
  static func bytes(_ path: String) throws -> [UInt8] {
    Array(try Data(contentsOf: URL(filePath: path)))
  }
}
