import Diagnostics
import FoundationEssentials

@preconcurrency import Glibc

/// Something that reads texts of others.
protocol FuzzTarget {
  /// Right texts.
  var corpus: [[UInt8]] { get }
  /// Words that mean something in them.
  var words: [String] { get }
  /// Has a text read.
  ///
  /// - Returns: what is wrong with how it was; `nil` where it was read or refused.
  func read(_ text: [UInt8]) -> String?
  /// What is wrong at the end.
  func finish() -> String?
}

extension FuzzTarget {
  func finish() -> String? { nil }
}

/// All targets by their names.
enum FuzzTargets {
  static let names = [
    "toml", "settings", "job", "request", "config", "safetensors", "tokenizer", "socket", "store",
  ]

  /// Where this process may write: what its files begin with.
  static var scratch: String {
    let folder = FileManager.default.temporaryDirectory.path
    return (folder.hasSuffix("/") ? folder : folder + "/") + "illava-fuzz.\(getpid())"
  }

  /// - Parameter sources: the folder of the sources, where right texts are.
  static func make(_ name: String, sources: String) throws -> (any FuzzTarget)? {
    let model = sources + "/Tests/EngineTests/Fixtures/tiny-early"
    return switch name {
    case "toml", "settings", "job", "request": try TextTarget(name, sources: sources)
    case "config": try FolderTarget(.configuration, model: model)
    case "safetensors": try FolderTarget(.weights, model: model)
    case "tokenizer": try FolderTarget(.tokenizer, model: model)
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
