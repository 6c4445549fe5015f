import Checkpoint
import Diagnostics
import Engine
import Foundation
import Models
import Options
import Testing

@Suite("Folders of LLaVA-OneVision")
struct LlavaFolderTests {
  private func logits(_ path: String) throws -> [Float] {
    var request = Request(prompt: "How many?")
    request.media = [MediaItem(path: Fixtures.path("llava-onevision/media/picture0.png"))]
    request.maxNewTokens = 1
    let dump = AnswerDump()
    _ = try Session(modelFolder: path, threads: 2).answer(request, dump: dump)
    return try #require(dump.floats("logits"))
  }

  private func complaint(_ folder: EditedCheckpoint) -> Failure? {
    do {
      _ = try Session(modelFolder: folder.path, threads: 2)
      return nil
    } catch { return error }
  }

  @Test("every layout of names gives the same answers", arguments: [false, true])
  func names(_ isShort: Bool) throws {
    let folder = try EditedCheckpoint("llava-onevision/tiny")
    let original = try logits(folder.path)
    try folder.rewrite { tensor in
      var tensor = tensor
      let (language, vision) = ("language_model.model.", "vision_tower.vision_model.")
      if tensor.name.hasPrefix(language) {
        tensor.name = "model.language_model." + tensor.name.dropFirst(language.count)
      } else if isShort, tensor.name.hasPrefix(vision) {
        tensor.name = "model.vision_tower." + tensor.name.dropFirst(vision.count)
      } else {
        tensor.name = "model." + tensor.name
      }
      return [tensor]
    }
    #expect(try logits(folder.path) == original)
  }

  @Test("the template may stand in any of three files, and its quotes may be double")
  func templates() throws {
    let folder = try EditedCheckpoint("llava-onevision/tiny")
    let original = try logits(folder.path)
    let path = folder.path + "/chat_template.json"
    let file = try JSONDecoder().decode(
      [String: String].self, from: try Data(contentsOf: URL(filePath: path)))
    let template = try #require(file["chat_template"])
    try FileManager.default.removeItem(atPath: path)
    #expect(complaint(folder)?.message.contains("no chat template") == true)
    try folder.edit("tokenizer_config.json") { $0["chat_template"] = template }
    #expect(try logits(folder.path) == original)
    try folder.edit("tokenizer_config.json") { $0["chat_template"] = nil }
    let jinja = URL(filePath: folder.path + "/chat_template.jinja")
    let double = template.replacingOccurrences(of: "'", with: "\"")
      .replacingOccurrences(of: "{% endfor %}", with: "{% endfor %}\n")
    try double.write(to: jinja, atomically: true, encoding: .utf8)
    #expect(try logits(folder.path) == original)
    for other in ["", "{{ messages }}", double + "{{ '<image>\\n' }}"] {
      try other.write(to: jinja, atomically: true, encoding: .utf8)
      #expect(complaint(folder)?.message.contains("chat template is neither") == true, "\(other)")
    }
    try Data([0xff, 0xfe, 0x41]).write(to: jinja)
    #expect(complaint(folder)?.message.contains("not valid UTF-8") == true)
  }

  @Test("files that say what is published may be missing")
  func missing() throws {
    let folder = try EditedCheckpoint("llava-onevision/tiny")
    let original = try logits(folder.path)
    for file in [
      "video_preprocessor_config.json", "processor_config.json", "preprocessor_config.json",
    ] {
      try FileManager.default.removeItem(atPath: folder.path + "/" + file)
      #expect(try logits(folder.path) == original, "\(file)")
    }
  }

  @Test("the authors' own folders are refused with a hint to the others")
  func original() throws {
    let folder = try EditedCheckpoint("llava-onevision/tiny")
    try folder.set("model_type", "\"llava_qwen\"")
    let failure = try #require(complaint(folder))
    #expect(failure.code == .modelFamily)
    #expect(failure.remedy?.contains("-hf") == true)
    try folder.set("model_type", "\"llava_next\"")
    #expect(complaint(folder)?.remedy?.contains("llava_onevision") == true)
  }

  /// A key with a dot between its parts, its new value, and what the message mentions.
  static let wrong: [(String, String, String)] = [
    ("image_token_index", "464", "image_token_index 464"),
    ("video_token_index", "-1", "video_token_index -1"),
    ("vision_feature_layer", "-2", "vision_feature_layer is -2"),
    ("vision_feature_layer", "[-2, -1]", "vision_feature_layer"),
    ("vision_feature_select_strategy", "\"default\"", "vision_feature_select_strategy is default"),
    ("projector_hidden_act", "\"relu\"", "projector_hidden_act is relu"),
    ("multimodal_projector_bias", "false", "multimodal_projector_bias is false"),
    ("vision_aspect_ratio", "\"anyres\"", "“anyres”"),
    ("vision_aspect_ratio", "\"anyres_max_0\"", "“anyres_max_0”"),
    ("image_grid_pinpoints", "[]", "image_grid_pinpoints"),
    ("image_grid_pinpoints", "[[72]]", "image_grid_pinpoints"),
    ("image_grid_pinpoints", "[[72, 100]]", "image_grid_pinpoints"),
    ("image_grid_pinpoints", "[[72, 7200000000000]]", "image_grid_pinpoints"),
    ("image_grid_pinpoints", "[[72, 144]]", "image_grid_pinpoints differs"),
    ("text_config", "null", "text_config"), ("vision_config", "\"none\"", "vision_config"),
    ("text_config.model_type", "\"gemma\"", "“gemma”"),
    ("text_config.num_hidden_layers", "0", "num_hidden_layers"),
    ("text_config.use_sliding_window", "true", "use_sliding_window"),
    ("vision_config.model_type", "\"clip_vision_model\"", "“clip_vision_model”"),
    ("vision_config.image_size", "[72, 144]", "image_size"),
    ("vision_config.image_size", "9000000000000", "image_size"),
    ("vision_config.patch_size", "0", "patch_size"),
    ("vision_config.patch_size", "100", "patch_size"),
    ("vision_config.num_attention_heads", "5", "5 heads"),
    ("vision_config.num_channels", "1", "num_channels"),
    ("vision_config.hidden_act", "\"gelu\"", "hidden_act"),
    ("vision_config.layer_norm_eps", "0", "layer_norm_eps"),
    ("vision_config.hidden_size", "64", "vision_tower.vision_model"),
  ]

  @Test("values that cannot be are refused, naming the key", arguments: wrong)
  func refused(_ key: String, _ value: String, _ mentioned: String) throws {
    let folder = try EditedCheckpoint("llava-onevision/tiny")
    try folder.set(key, value)
    let failure = try #require(complaint(folder))
    #expect(failure.kind == .modelUnusable)
    #expect(failure.message.contains(mentioned), "\(failure)")
    #expect(failure.remedy != nil)
  }

  @Test(
    "so are those of the other files",
    arguments: [
      ("preprocessor_config.json", "size", "{\"height\": 384, \"width\": 384}", "384×384"),
      ("preprocessor_config.json", "image_mean", "[0.5]", "image_mean"),
      ("preprocessor_config.json", "image_mean", "[0.5, 2, 0.5]", "image_mean"),
      ("preprocessor_config.json", "image_std", "[0.2, 0, 0.2]", "image_std"),
      ("preprocessor_config.json", "resample", "2", "resample is 2"),
      ("video_preprocessor_config.json", "num_frames", "0", "num_frames is 0"),
      ("video_preprocessor_config.json", "image_mean", "[0.4, 0.5, 0.5]", "image_mean"),
      ("processor_config.json", "num_image_tokens", "729", "num_image_tokens is 729"),
      ("processor_config.json", "vision_feature_select_strategy", "\"default\"", "default"),
    ])
  func refusedFiles(_ file: String, _ key: String, _ value: String, _ mentioned: String) throws {
    let folder = try EditedCheckpoint("llava-onevision/tiny")
    try folder.set(key, value, in: file)
    let failure = try #require(complaint(folder))
    #expect(failure.kind == .modelUnusable)
    #expect(failure.message.contains(mentioned), "\(failure)")
  }
}
