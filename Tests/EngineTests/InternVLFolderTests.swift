import Checkpoint
import Diagnostics
import Engine
import Foundation
import Models
import Options
import Testing

@Suite("Folders of InternVL")
struct InternVLFolderTests {
  private static let checkpoints = ["tiny", "tiny-llama"]

  private func logits(_ path: String, _ weights: WeightPrecision = .f32) throws -> [Float] {
    var request = Request(prompt: "How many?")
    request.media = [MediaItem(path: Fixtures.path("internvl/media/picture0.png"))]
    request.maxNewTokens = 1
    let dump = AnswerDump()
    _ = try Session(modelFolder: path, options: ModelOptions(weights: weights), threads: 2)
      .answer(request, dump: dump)
    return try #require(dump.floats("logits"))
  }

  private func complaint(_ folder: EditedCheckpoint) -> Failure? {
    do {
      _ = try Session(modelFolder: folder.path, threads: 2)
      return nil
    } catch { return error }
  }

  private func distance(_ a: [Float], _ b: [Float]) -> Float {
    a.count == b.count ? zip(a, b).map { abs($0 - $1) }.max() ?? 0 : .infinity
  }

  @Test("either names of tensors, in any mixture")
  func names() throws {
    let folder = try EditedCheckpoint("internvl/tiny")
    let original = try logits(folder.path)
    var number = 0
    try folder.rewrite { tensor in
      var tensor = tensor
      number += 1
      guard number.isMultiple(of: 2) else { return [tensor] }
      tensor.name =
        tensor.name.hasPrefix("language_model.model.")
        ? "model.language_model." + tensor.name.dropFirst("language_model.model.".count)
        : "model." + tensor.name
      return [tensor]
    }
    #expect(try logits(folder.path) == original)
  }

  @Test(
    "OpenGVLab's layout gives the same answers", arguments: checkpoints, WeightPrecision.allCases)
  func original(_ checkpoint: String, _ weights: WeightPrecision) throws {
    let folder = try EditedCheckpoint("internvl/" + checkpoint)
    let expected = try logits(folder.path, weights)
    try OriginalLayout.convert(folder)
    #expect(distance(try logits(folder.path, weights), expected) < 1e-5)
    // The published folders have no tokenizer.json, and their tokenizers name no tokens by role.
    try FileManager.default.removeItem(atPath: folder.path + "/tokenizer.json")
    try folder.edit("tokenizer_config.json") { values in
      for key in values.keys where key.contains("image_token") || key.contains("extra_special") {
        values[key] = nil
      }
    }
    #expect(distance(try logits(folder.path, weights), expected) < 1e-5)
  }

  @Test(
    "InternLM2's names and packed rows give the same logits", arguments: WeightPrecision.allCases)
  func internLM2(_ weights: WeightPrecision) throws {
    let folder = try EditedCheckpoint("internvl/tiny-llama")
    let expected = try logits(folder.path, weights)
    try OriginalLayout.convert(folder)
    let named = try logits(folder.path, weights)
    #expect(distance(named, expected) < 1e-5)
    try InternLM2Layout.convert(folder)
    #expect(try logits(folder.path, weights) == named)
  }

  @Test("a packed file is used with InternLM2's layout as with any other")
  func packedInternLM2() throws {
    let folder = try EditedCheckpoint("internvl/tiny-llama")
    try OriginalLayout.convert(folder)
    try InternLM2Layout.convert(folder)
    let expected = try logits(folder.path, .int8)
    var options = ModelOptions(weights: .int8)
    options.usesPackedFile = false
    let checkpoint = try Checkpoint(folder: folder.path)
    let packed = try ModelRegistry.load(checkpoint, options: options).assets.weights.packed
    #expect(packed.contains { $0.name.hasSuffix("self_attn.k_proj.weight") })
    try PackedFile.write(packed, of: checkpoint)
    #expect(try logits(folder.path, .int8) == expected)
  }

  @Test("packed rows of another number than the heads need are refused")
  func wrongPackedRows() throws {
    let folder = try EditedCheckpoint("internvl/tiny-llama")
    try OriginalLayout.convert(folder)
    try InternLM2Layout.convert(folder)
    try folder.set("llm_config.num_key_value_heads", "4")
    let failure = try #require(complaint(folder))
    #expect(failure.message.contains("attention.wqkv.weight"), "\(failure)")
  }

  @Test("tiles of OpenGVLab's layout are those of config.json")
  func tiles() throws {
    let folder = try EditedCheckpoint("internvl/tiny")
    try OriginalLayout.convert(folder)
    func views(_ change: [String: Any]) throws -> Int {
      try folder.edit("config.json") { $0.merge(change) { $1 } }
      return try Session(modelFolder: folder.path, threads: 2).model.layout(
        of: MediaShape(.image, height: 84, width: 840), maxPixels: nil
      ).views.count
    }
    #expect(try views([:]) == 7)
    #expect(try views(["max_dynamic_patch": 3]) == 4)
    #expect(try views(["use_thumbnail": false]) == 3)
    #expect(try views(["dynamic_image_size": false]) == 1)
  }

  @Test("sizes are numbers or pairs, and tokens have the names that the tokenizer gives them")
  func spellings() throws {
    let folder = try EditedCheckpoint("internvl/tiny")
    let original = try logits(folder.path)
    try folder.edit("config.json") { values in
      var vision = values["vision_config"] as? [String: Any] ?? [:]
      vision["image_size"] = 84
      vision["patch_size"] = 14
      values["vision_config"] = vision
      values["image_token_id"] = nil
    }
    for file in ["tokenizer.json", "tokenizer_config.json", "added_tokens.json"] {
      let url = URL(filePath: folder.path + "/" + file)
      let text = try String(contentsOf: url, encoding: .utf8)
      try text.replacingOccurrences(of: "<img>", with: "<picture>")
        .replacingOccurrences(of: "<IMG_CONTEXT>", with: "<PART>")
        .write(to: url, atomically: true, encoding: .utf8)
    }
    #expect(try logits(folder.path) == original)
  }

  @Test("the language model's part decides whether the output layer is shared")
  func ties() throws {
    let shared = try EditedCheckpoint("internvl/tiny")
    let expected = try logits(shared.path)
    func edit(outer: Bool?, inner: Bool?) throws {
      try shared.edit("config.json") { values in
        var text = values["text_config"] as? [String: Any] ?? [:]
        text["tie_word_embeddings"] = inner
        values["text_config"] = text
        values["tie_word_embeddings"] = outer
      }
    }
    for (outer, inner) in [(true, nil), (nil, true), (false, true)] as [(Bool?, Bool?)] {
      try edit(outer: outer, inner: inner)
      #expect(try logits(shared.path) == expected)
    }
    for (outer, inner) in [(true, false), (nil, nil), (false, nil)] as [(Bool?, Bool?)] {
      try edit(outer: outer, inner: inner)
      #expect(complaint(shared)?.message.contains("lm_head.weight") == true)
    }
    // An output layer that is there is used, whatever the outer part says.
    let own = try EditedCheckpoint("internvl/tiny-llama")
    let different = try logits(own.path)
    try own.edit("config.json") { values in
      var text = values["text_config"] as? [String: Any] ?? [:]
      text["tie_word_embeddings"] = nil
      values["text_config"] = text
      values["tie_word_embeddings"] = true
    }
    #expect(try logits(own.path) == different)
  }

  /// A key with dots between its parts, its new value, and what the message mentions.
  static let wrong: [(String, String, String)] = [
    ("downsample_ratio", "0.25", "downsample_ratio is 0.25"),
    ("image_seq_length", "256", "image_seq_length is 256"),
    ("image_token_id", "464", "image_token_id 464"), ("image_token_id", "-1", "image_token_id -1"),
    ("vision_feature_layer", "-2", "vision_feature_layer is -2"),
    ("vision_feature_select_strategy", "\"full\"", "vision_feature_select_strategy is full"),
    ("projector_hidden_act", "\"relu\"", "projector_hidden_act is relu"),
    ("text_config", "null", "text_config"), ("vision_config", "\"none\"", "vision_config"),
    ("text_config.model_type", "\"gemma\"", "“gemma”"),
    ("text_config.num_hidden_layers", "0", "num_hidden_layers"),
    ("text_config.num_key_value_heads", "3", "num_key_value_heads"),
    ("text_config.hidden_act", "\"gelu\"", "hidden_act"),
    ("text_config.use_sliding_window", "true", "use_sliding_window"),
    ("text_config.model_type", "\"qwen3\"", "“qwen3”"),
    ("text_config.mlp_bias", "true", "mlp_bias"),
    ("text_config.rope_scaling", "{\"type\": \"linear\", \"factor\": 2}", "“linear”"),
    ("text_config.rope_scaling", "{\"rope_type\": \"yarn\"}", "“yarn”"),
    ("text_config.rope_theta", "0", "rope_theta"),
    ("vision_config.image_size", "[84, 168]", "image_size"),
    ("vision_config.image_size", "100", "image_size 100"),
    ("vision_config.image_size", "9000000000000", "image_size"),
    ("vision_config.patch_size", "0", "patch_size"),
    ("vision_config.num_hidden_layers", "-1", "num_hidden_layers"),
    ("vision_config.num_attention_heads", "5", "5 heads"),
    ("vision_config.num_channels", "1", "num_channels"),
    ("vision_config.norm_type", "\"batch_norm\"", "batch_norm"),
    ("vision_config.hidden_act", "\"silu\"", "hidden_act"),
    ("vision_config.use_mean_pooling", "false", "use_mean_pooling"),
    (
      "vision_config.use_absolute_position_embeddings", "false", "use_absolute_position_embeddings"
    ),
    ("vision_config.use_qk_norm", "true", "attention.q_norm"),
    ("vision_config.hidden_size", "64", "vision_tower.encoder.layer.0"),
  ]

  @Test("values that cannot be are refused, naming the key", arguments: wrong)
  func refused(_ key: String, _ value: String, _ mentioned: String) throws {
    let folder = try EditedCheckpoint("internvl/tiny")
    try folder.set(key, value)
    let failure = try #require(complaint(folder))
    #expect(failure.kind == .modelUnusable)
    #expect(failure.message.contains(mentioned), "\(failure)")
    #expect(failure.remedy != nil)
  }

  /// The same for keys of OpenGVLab's layout.
  static let wrongOriginals: [(String, String, String)] = [
    ("ps_version", "\"v1\"", "ps_version is v1"), ("ps_version", "null", "ps_version is v1"),
    ("select_layer", "-4", "select_layer is -4"),
    ("force_image_size", "448", "force_image_size is 448"),
    ("max_dynamic_patch", "0", "tiles"), ("max_dynamic_patch", "100000", "tiles"),
    ("min_dynamic_patch", "9", "tiles"), ("llm_config", "null", "llm_config"),
    ("llm_config.model_type", "\"internlm3\"", "“internlm3”"),
    ("llm_config", "{\"model_type\": \"phi3\"}", "“phi3”"),
    ("llm_config.model_type", "\"internlm2\"", "bias is not supported"),
    (
      "llm_config.quantization_config", "{\"quant_method\": \"awq\", \"bits\": 4}", "AWQ"
    ),
  ]

  @Test("so are those of OpenGVLab's layout", arguments: wrongOriginals)
  func refusedOriginal(_ key: String, _ value: String, _ mentioned: String) throws {
    let folder = try EditedCheckpoint("internvl/tiny")
    try OriginalLayout.convert(folder)
    try folder.set(key, value)
    let failure = try #require(complaint(folder))
    #expect(failure.kind == .modelUnusable)
    #expect(failure.message.contains(mentioned), "\(failure)")
    #expect(failure.remedy != nil)
  }

  @Test(
    "so are those of the other files",
    arguments: [
      ("preprocessor_config.json", "size", "{\"height\": 448, \"width\": 448}", "448×448"),
      ("preprocessor_config.json", "size", "{\"height\": 84, \"width\": 42}", "42×84"),
      ("preprocessor_config.json", "image_mean", "[0.5]", "image_mean"),
      ("preprocessor_config.json", "image_std", "[0.2, 0, 0.2]", "image_std"),
      ("preprocessor_config.json", "resample", "2", "resample is 2"),
      ("preprocessor_config.json", "max_patches", "0", "tiles"),
      ("preprocessor_config.json", "max_patches", "9223372036854775807", "tiles"),
      ("preprocessor_config.json", "min_patches", "-1", "tiles"),
      ("video_preprocessor_config.json", "num_frames", "0", "num_frames is 0"),
      ("tokenizer_config.json", "start_image_token", "\"<image>\"", "<image>"),
    ])
  func refusedFiles(_ file: String, _ key: String, _ value: String, _ mentioned: String) throws {
    let folder = try EditedCheckpoint("internvl/tiny")
    try folder.set(key, value, in: file)
    let failure = try #require(complaint(folder))
    #expect(failure.kind == .modelUnusable)
    #expect(failure.message.contains(mentioned), "\(failure)")
  }
}
