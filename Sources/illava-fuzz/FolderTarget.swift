import Checkpoint
import Diagnostics
import FoundationEssentials
import Models
import Tokenizer

@preconcurrency import Glibc

/// A file of a model's folder; the other files are valid.
final class FolderTarget: FuzzTarget {
  enum Kind {
    case configuration, weights, tokenizer, pieces
  }

  let corpus: [[UInt8]]
  let words: [String]
  private let kind: Kind
  private let folder: String
  private let file: String

  /// - Parameter models: folders whose valid configurations are damaged; by default the model's own.
  init(_ kind: Kind, model: String, like models: [String]? = nil) throws {
    self.kind = kind
    folder = FuzzTargets.scratch
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    for name in try FileManager.default.contentsOfDirectory(atPath: model) {
      try FileManager.default.createSymbolicLink(
        atPath: folder + "/" + name, withDestinationPath: URL(filePath: model + "/" + name).path)
    }
    switch kind {
    case .configuration:
      file = "config.json"
      words = [
        "\"text_config\":", "\"hidden_size\":", "\"num_heads\":", "\"depth\":", "\"patch_size\":",
        "\"vision_config\":", "\"llm_config\":", "\"image_size\":", "\"window_size\":",
        "\"image_grid_pinpoints\":", "\"quantization_config\":", "\"rope_scaling\":",
      ]
      corpus = try (models ?? [model]).map { try FuzzTargets.bytes($0 + "/config.json") }
    case .weights:
      file = "model.safetensors"
      words = [
        "\"dtype\":", "\"F32\"", "\"shape\":[", "\"data_offsets\":[", "__metadata__", "[0,0]",
      ]
      corpus = Self.headers
    case .tokenizer:
      file = "tokenizer.json"
      words = [
        "\"vocab\":", "\"merges\":", "\"added_tokens\":", "\"id\":", "\"content\":", "\"a b\"",
      ]
      corpus = [try FuzzTargets.bytes(model + "/tokenizer.json")]
    case .pieces:
      file = "tokenizer.model"
      words = ["<0x0A>", "\u{2581}", "\u{0A}\u{0A}", "\u{15}", "\u{18}\u{03}", "\u{1A}\u{02}"]
      corpus = [try FuzzTargets.bytes(model + "/tokenizer.model")]
    }
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  /// Headers; the length before them is usually adjusted to the damaged header.
  private static let headers: [[UInt8]] = [
    #"{"a":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]},"b":{"dtype":"BF16","shape":[6],"data_offsets":[24,36]}}"#,
    #"{"__metadata__":{"format":"pt"},"c":{"dtype":"I64","shape":[],"data_offsets":[0,8]}}"#,
  ].map { Array($0.utf8) }

  func read(_ text: [UInt8]) -> String? {
    do {
      let path = folder + "/" + file
      unlink(path)
      try Data(kind == .weights ? Self.framed(text) : text).write(to: URL(filePath: path))
      switch kind {
      case .configuration: try load()
      case .weights: try touch(path)
      case .tokenizer, .pieces: try split()
      }
    } catch let failure as Failure {
      if "\(failure)".utf8.count > 4000 { return "a message of \("\(failure)".utf8.count) bytes" }
    } catch {
      return "an error of another kind: \(error)"
    }
    return nil
  }

  private static func framed(_ header: [UInt8]) -> [UInt8] {
    // Now and then the length is wrong, too.
    let length = header.count % 13 == 0 ? header.count &* 0x0101_0101_0101 : header.count
    return withUnsafeBytes(of: UInt64(length).littleEndian) { Array($0) } + header
      + [UInt8](repeating: 0, count: 36)
  }

  private func load() throws {
    let checkpoint = try Checkpoint(folder: folder)
    _ = try ModelRegistry.weightBytes(
      ModelFiles(checkpoint), of: checkpoint, options: ModelOptions())
    _ = try ModelRegistry.load(checkpoint, options: ModelOptions())
  }

  private func touch(_ path: String) throws {
    let file = try Safetensors(path: path)
    for name in file.names { _ = file.tensor(name)?.bytes.last }
  }

  private func split() throws {
    let tokenizer = try Tokenizer(folder: folder)
    let ids = tokenizer.encode("What happens here? \u{202E} 123 <|im_end|> é")
    _ = tokenizer.decode(ids, skipSpecial: false)
  }
}
