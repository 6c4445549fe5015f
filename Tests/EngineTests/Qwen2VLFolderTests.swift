import Checkpoint
import Diagnostics
import Engine
import Foundation
import Media
import Models
import Options
import Testing

@Suite("Folders of Qwen2-VL and Qwen2.5-VL")
struct Qwen2VLFolderTests {
  private static let families = ["qwen2-vl", "qwen2.5-vl"]

  private func logits(
    _ folder: EditedCheckpoint, _ weights: WeightPrecision = .f32
  ) throws -> [Float] {
    var request = Request(prompt: "How many?")
    request.media = [MediaItem(path: Fixtures.path("qwen2.5-vl/media/picture1.png"))]
    request.maxNewTokens = 1
    let dump = AnswerDump()
    _ = try Session(
      modelFolder: folder.path, options: ModelOptions(weights: weights), threads: 2
    ).answer(request, dump: dump)
    return try #require(dump.floats("logits"))
  }

  private func complaint(_ folder: EditedCheckpoint) -> Failure? {
    do {
      _ = try Session(modelFolder: folder.path, threads: 2)
      return nil
    } catch { return error }
  }

  @Test("either names of tensors, in any mixture", arguments: families)
  func names(_ family: String) throws {
    let folder = try EditedCheckpoint(family + "/tiny")
    let original = try logits(folder)
    var renamed = 0
    try folder.rewrite { tensor in
      var tensor = tensor
      renamed += 1
      if tensor.name.hasPrefix("visual."), renamed.isMultiple(of: 2) {
        tensor.name = "model." + tensor.name
      } else if tensor.name.hasPrefix("model."), renamed.isMultiple(of: 3) {
        tensor.name = "model.language_model." + tensor.name.dropFirst("model.".count)
      }
      return [tensor]
    }
    #expect(try logits(folder) == original)
  }

  @Test("an output layer of its own, and weights in single and half precision", arguments: families)
  func precisions(_ family: String) throws {
    let folder = try EditedCheckpoint(family + "/tiny-nested")
    let original = try logits(folder)
    try folder.rewrite { tensor in
      var output = tensor
      output.name = "lm_head.weight"
      return tensor.name.hasSuffix("embed_tokens.weight") ? [tensor, output] : [tensor]
    }
    try folder.edit("config.json") { $0["tie_word_embeddings"] = false }
    #expect(try logits(folder) == original)
    let half = try EditedCheckpoint(family + "/tiny-nested")
    for (folder, type) in [(folder, "F32"), (half, "F16")] {
      try folder.rewrite { tensor in
        var tensor = tensor
        let numbers = tensor.numbers
        tensor.dtype = type
        tensor.bytes =
          type == "F32"
          ? numbers.flatMap { number in
            withUnsafeBytes(of: number.bitPattern.littleEndian) { Array($0) }
          }
          : numbers.flatMap { number in
            withUnsafeBytes(of: Float16(number).bitPattern.littleEndian) { Array($0) }
          }
        return [tensor]
      }
    }
    #expect(try logits(folder) == original)
    // Only numbers below 2^-14 are less exact in half precision than in bf16.
    let difference = zip(try logits(half), original).map { abs($0 - $1) }.max() ?? .infinity
    #expect(difference < 1e-3)
  }

  @Test("the language model's keys in text_config alone", arguments: families)
  func nested(_ family: String) throws {
    let folder = try EditedCheckpoint(family + "/tiny")
    let original = try logits(folder)
    try folder.edit("config.json") { values in
      let outer = ["model_type", "vision_config", "image_token_id", "video_token_id"]
      let text = values.filter { !outer.contains($0.key) }
      values = values.filter { outer.contains($0.key) }
      values["text_config"] = text
    }
    #expect(try logits(folder) == original)
  }

  @Test(
    "limits of pixels in three spellings, of which the first takes precedence",
    arguments: [
      (["min_pixels": 3136, "max_pixels": 25_088], nil),
      (nil, ["shortest_edge": 3136, "longest_edge": 25_088]),
      (nil, ["min_pixels": 3136, "max_pixels": 25_088]),
      (["max_pixels": 25_088], ["shortest_edge": 3136, "longest_edge": 50_176]),
      (nil, ["longest_edge": 25_088, "max_pixels": 50_176]),
    ] as [([String: Int]?, [String: Int]?)])
  func limits(_ plain: [String: Int]?, _ size: [String: Int]?) throws {
    let folder = try EditedCheckpoint("qwen2-vl/tiny")
    try folder.edit("preprocessor_config.json") { values in
      values["min_pixels"] = plain?["min_pixels"]
      values["max_pixels"] = plain?["max_pixels"]
      values["size"] = size
    }
    let model = try Session(modelFolder: folder.path, threads: 2).model
    let layout = try model.layout(
      of: MediaShape(.image, height: 500, width: 500), maxPixels: nil)
    #expect(layout.sizes == [PixelSize(width: 140, height: 140)])
    let small = try model.layout(of: MediaShape(.image, height: 10, width: 10), maxPixels: nil)
    #expect(small.sizes == [PixelSize(width: 56, height: 56)])
  }

  @Test(
    "values that cannot be are refused, naming the key",
    arguments: [
      ("num_hidden_layers", "num_hidden_layers", "0"),
      ("num_key_value_heads", "num_key_value_heads", "3"), ("hidden_size", "head_dim", "60"),
      ("vocab_size", "token_id", "100"), ("use_sliding_window", "use_sliding_window", "true"),
      ("hidden_act", "hidden_act", "\"relu\""),
      ("rope_scaling", "rope_scaling", "{\"type\": \"yarn\"}"),
      ("rope_scaling", "mrope_section", "{\"type\": \"mrope\", \"mrope_section\": [8, 8, 8]}"),
      ("tie_word_embeddings", "lm_head.weight", "false"),
      ("vision_config", "vision_config", "\"none\""),
      ("vision_config.window_size", "window_size", "14"), ("vision_config.depth", "depth", "-1"),
      ("vision_config.patch_size", "patch", "99999"),
      ("vision_config.in_chans", "in_channels", "1"),
      ("vision_config.tokens_per_second", "tokens_per_second", "0"),
      ("vision_config.out_hidden_size", "hidden_size", "65"),
      ("vision_config.hidden_act", "hidden_act", "\"gelu\""),
      ("vision_config.hidden_size", "hidden_size", "null"),
    ])
  func refused(_ key: String, _ mentioned: String, _ value: String) throws {
    let folder = try EditedCheckpoint("qwen2.5-vl/tiny")
    let new = try JSONSerialization.jsonObject(with: Data(value.utf8), options: .fragmentsAllowed)
    try folder.edit("config.json") { values in
      let parts = key.split(separator: ".").map(String.init)
      if parts.count == 1 {
        values[key] = new
      } else {
        var part = values[parts[0]] as? [String: Any] ?? [:]
        part[parts[1]] = new
        values[parts[0]] = part
      }
    }
    let failure = try #require(complaint(folder))
    #expect(failure.kind == .modelUnusable)
    #expect(failure.message.contains(mentioned), "\(failure)")
  }
}
