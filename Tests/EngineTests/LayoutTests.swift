import Checkpoint
import Engine
import Foundation
import Models
import Options
import Testing

/// Equivalent checkpoints in other layouts.
@Suite("Checkpoint layouts")
struct LayoutTests {
  /// Copies a tiny checkpoint into a temporary folder, changes its tensors with `edit`, and returns its
  /// logits.
  private func logits(
    untied: Bool, shards: Int, type: String, weights: WeightPrecision = .f32
  ) throws -> [Float] {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
      "illava-layout-\(UUID().uuidString)")
    try FileManager.default.copyItem(atPath: Fixtures.path("tiny-late"), toPath: folder.path)
    defer { try? FileManager.default.removeItem(at: folder) }
    let original = try Safetensors(path: folder.path + "/model.safetensors")
    var names = original.names
    if untied { names.append("lm_head.weight") }
    var map: [String: String] = [:]
    for shard in 0..<shards {
      var writer = SafetensorsWriter()
      let file = shards == 1 ? "model.safetensors" : "model-\(shard).safetensors"
      for (index, name) in names.enumerated() where index % shards == shard {
        let source = name == "lm_head.weight" ? "model.language_model.embed_tokens.weight" : name
        let entry = try #require(original.tensor(source))
        let bytes = Array(entry.bytes)
        if type == "F32" {
          // The upper half of an f32 is the bf16.
          var wide = [UInt8](repeating: 0, count: bytes.count * 2)
          for index in bytes.indices { wide[index / 2 * 4 + 2 + index % 2] = bytes[index] }
          try writer.add(name, dtype: "F32", shape: entry.shape, bytes: wide)
        } else {
          try writer.add(name, dtype: "BF16", shape: entry.shape, bytes: bytes)
        }
        map[name] = file
      }
      try writer.write(to: folder.path + "/new-" + file)
    }
    try FileManager.default.removeItem(atPath: folder.path + "/model.safetensors")
    for file in Set(map.values) {
      try FileManager.default.moveItem(
        atPath: folder.path + "/new-" + file, toPath: folder.path + "/" + file)
    }
    if shards > 1 {
      try JSONSerialization.data(withJSONObject: ["metadata": [:], "weight_map": map])
        .write(to: folder.appendingPathComponent("model.safetensors.index.json"))
    }
    if untied {
      let config = folder.appendingPathComponent("config.json")
      let text = try String(contentsOf: config, encoding: .utf8)
      try text.replacingOccurrences(
        of: "\"tie_word_embeddings\": true", with: "\"tie_word_embeddings\": false"
      ).write(to: config, atomically: true, encoding: .utf8)
    }
    var request = Request(prompt: "How many?")
    request.media = [MediaItem(path: Fixtures.path("media/picture1.png"))]
    request.maxNewTokens = 1
    let dump = AnswerDump()
    _ = try Session(
      modelFolder: folder.path, options: ModelOptions(weights: weights), threads: 2
    ).answer(request, dump: dump)
    return dump.floats("logits") ?? []
  }

  @Test("untied embeddings, shards and single precision say the same as the original")
  func layouts() throws {
    let original = try logits(untied: false, shards: 1, type: "BF16")
    #expect(original.count == 464)
    #expect(try logits(untied: true, shards: 3, type: "BF16") == original)
    #expect(try logits(untied: true, shards: 1, type: "F32") == original)
    #expect(try logits(untied: false, shards: 2, type: "F32") == original)
    // Every f32 in that file is exactly a bf16, so holding the weights in bf16 loses nothing.
    #expect(
      try logits(untied: true, shards: 1, type: "F32", weights: .bf16)
        == (try logits(untied: false, shards: 1, type: "BF16", weights: .bf16)))
  }
}
