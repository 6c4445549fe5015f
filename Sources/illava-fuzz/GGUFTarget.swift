import Checkpoint
import Diagnostics
import FoundationEssentials
import Models

/// The header of a model's GGUF file; its tensors and the model's other file are sound.
final class GGUFTarget: FuzzTarget {
  let corpus: [[UInt8]]
  let words = [
    "general.alignment", "general.architecture", "qwen3vl", "qwen2vl", "qwen35", "internvl", "clip",
    ".block_count", ".embedding_length", ".vision.block_count", ".rope.dimension_sections",
    "tokenizer.ggml.tokens", "tokenizer.ggml.merges", "clip.projector_type", "v.blk.0.", "blk.0.",
    "GGUF", "\u{0}\u{0}\u{0}\u{0}", "\u{8}\u{0}\u{0}\u{0}", "\u{9}\u{0}\u{0}\u{0}",
  ]
  private let folder: String
  private let file: String
  private let tensors: [[UInt8]]
  private let others: [(name: String, path: String)]
  private var round = 0

  /// - Parameters:
  ///   - fixtures: a folder with those of sound models: `NAME/model.gguf` and `NAME/mmproj.gguf`.
  ///   - damagesText: whether the language model's file is damaged, not the projector's.
  init(_ fixtures: String, damagesText: Bool) throws {
    folder = FuzzTargets.scratch
    file = folder + (damagesText ? "/model.gguf" : "/mmproj.gguf")
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    var (corpus, tensors): ([[UInt8]], [[UInt8]]) = ([], [])
    var others: [(name: String, path: String)] = []
    for name in try FileManager.default.contentsOfDirectory(atPath: fixtures).sorted() {
      let text = fixtures + name + "/model.gguf"
      let projector = fixtures + name + "/mmproj.gguf"
      guard FileManager.default.fileExists(atPath: projector) else { continue }
      let path = damagesText ? text : projector
      let bytes = try FuzzTargets.bytes(path)
      let sound = try GGUFFile(path: path)
      let start = sound.names.compactMap { sound.tensor($0)?.range.lowerBound }.min() ?? bytes.count
      corpus.append(Array(bytes[..<start]))
      tensors.append(Array(bytes[start...]))
      others.append(damagesText ? ("mmproj.gguf", projector) : ("model.gguf", text))
    }
    self.corpus = corpus
    self.tensors = tensors
    self.others = others
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  func read(_ text: [UInt8]) -> String? {
    // Which model a header comes from is not known; its beginning says it most of the time.
    let source = corpus.firstIndex { $0.prefix(200) == text.prefix(200) } ?? round % corpus.count
    round += 1
    do {
      for (index, other) in others.enumerated() where index == source {
        let link = folder + "/" + other.name
        try? FileManager.default.removeItem(atPath: link)
        try FileManager.default.createSymbolicLink(
          atPath: link, withDestinationPath: URL(filePath: other.path).path)
      }
      try? FileManager.default.removeItem(atPath: file)
      let padding = [UInt8](repeating: 0, count: (32 - text.count % 32) % 32)
      try Data(text + padding + tensors[source]).write(to: URL(filePath: file))
      let checkpoint = try ModelPlace(
        folder + "/model.gguf", projector: folder + "/mmproj.gguf"
      ).open()
      _ = try ModelRegistry.weightBytes(
        ModelFiles(checkpoint), of: checkpoint, options: ModelOptions())
    } catch let failure as Failure {
      if "\(failure)".utf8.count > 4000 { return "a message of \("\(failure)".utf8.count) bytes" }
      if failure.kind == .fault { return "a fault: \(failure)" }
    } catch {
      return "an error of another kind: \(error)"
    }
    return nil
  }
}
