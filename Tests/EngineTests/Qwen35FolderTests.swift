import Checkpoint
import Diagnostics
import Engine
import Foundation
import Merging
import Options
import Testing

@testable import Models

@Suite("Folders of Qwen3.5")
struct Qwen35FolderTests {
  private static let folders = ["qwen3.5/tiny", "qwen3.5/tiny-tied"]

  private func answer(
    _ folder: EditedCheckpoint, _ thinking: ThinkingChoice = .off
  ) throws -> (logits: [Float], weights: Int) {
    var request = Request(prompt: "How many?")
    request.media = [MediaItem(path: Fixtures.path("media/picture1.png"))]
    request.maxNewTokens = 1
    request.choices.thinking = thinking
    let dump = AnswerDump()
    let session = try Session(
      modelFolder: folder.path, options: ModelOptions(weights: .f32), threads: 2)
    _ = try session.answer(request, dump: dump)
    return (try #require(dump.floats("logits")), session.model.assets.weights.bytes)
  }

  private func complaint(_ folder: EditedCheckpoint) -> Failure? {
    do {
      _ = try Session(modelFolder: folder.path, threads: 2)
      return nil
    } catch { return error }
  }

  @Test("the layer for drafting is not asked for, nor counted", arguments: folders)
  func drafting(_ name: String) throws {
    let folder = try EditedCheckpoint(name)
    let with = try answer(folder)
    try folder.rewrite { $0.name.hasPrefix("mtp.") ? [] : [$0] }
    let without = try answer(folder)
    #expect(without == with)
  }

  @Test("the types of layers, listed or by their interval, under either name")
  func layerTypes() throws {
    let folder = try EditedCheckpoint("qwen3.5/tiny")
    let listed = try answer(folder)
    try folder.edit("config.json") { values in
      var text = values["text_config"] as? [String: Any] ?? [:]
      text["layer_types"] = nil
      values["text_config"] = text
    }
    #expect(try answer(folder) == listed)
    let types = Array(repeating: ["mamba", "conv", "linear_attention", "attention"], count: 3)
    try folder.edit("config.json") { values in
      var text = values["text_config"] as? [String: Any] ?? [:]
      text["layer_types"] = types.flatMap(\.self)
      values["text_config"] = text
    }
    #expect(try answer(folder) == listed)
  }

  @Test("rotary settings beside rope_parameters")
  func rotary() throws {
    let folder = try EditedCheckpoint("qwen3.5/tiny")
    let original = try answer(folder)
    try folder.edit("config.json") { values in
      var text = values["text_config"] as? [String: Any] ?? [:]
      var rope = text["rope_parameters"] as? [String: Any] ?? [:]
      text["rope_theta"] = rope.removeValue(forKey: "rope_theta")
      text["partial_rotary_factor"] = rope.removeValue(forKey: "partial_rotary_factor")
      text["rope_parameters"] = rope
      values["text_config"] = text
    }
    #expect(try answer(folder) == original)
  }

  @Test("words have marks, whatever class the tokenizer's configuration names", arguments: folders)
  func tokens(_ name: String) throws {
    struct Row: Decodable {
      let text: String
      let ids: [Int32]
    }
    let data = try Data(contentsOf: URL(filePath: Fixtures.path("qwen3.5/tokens.json")))
    let rows = try JSONDecoder().decode([Row].self, from: data)
    #expect(rows.count == 400)
    let tokenizer = try Fixtures.session(name).model.assets.tokenizer
    for row in rows {
      #expect(tokenizer.encode(row.text) == row.ids, "\(row.text.unicodeScalars.map(\.value))")
    }
  }

  @Test("answers end at each of the tokens that files name, and at the turn's end")
  func stopTokens() throws {
    let folder = try EditedCheckpoint("qwen3.5/tiny")
    func tokens() throws -> Set<Int32> {
      try Session(modelFolder: folder.path, threads: 2).model.assets.stopTokens
    }
    // <|endoftext|> is in config.json, <|im_end|> only in the tokenizer.
    #expect(try tokens() == [493, 495])
    try Data(#"{"eos_token_id": [494]}"#.utf8).write(
      to: URL(filePath: folder.path + "/generation_config.json"))
    #expect(try tokens() == [493, 494, 495])
  }

  @Test(
    "values that cannot be are refused, naming the key",
    arguments: [
      ("text_config.layer_types", "layer_types", "[\"linear_attention\"]"),
      ("text_config.num_hidden_layers", "layer_types", "11"),
      ("text_config.num_hidden_layers", "num_hidden_layers", "-1"),
      ("text_config.linear_num_value_heads", "linear_num_value_heads", "3"),
      ("text_config.linear_num_key_heads", "linear_num_key_heads", "0"),
      ("text_config.linear_conv_kernel_dim", "linear_conv_kernel_dim", "17"),
      ("text_config.linear_key_head_dim", "linear_key_head_dim", "99999999999"),
      ("text_config.linear_value_head_dim", "in_proj_qkv", "17"),
      ("text_config.hidden_act", "hidden_act", "\"relu\""),
      ("text_config.attention_bias", "attention_bias", "true"),
      (
        "text_config.rope_parameters", "mrope_section",
        "{\"mrope_section\": [11, 11, 10], \"partial_rotary_factor\": 0.25}"
      ),
      (
        "text_config.rope_parameters", "partial_rotary_factor",
        "{\"mrope_section\": [2, 1, 1], \"partial_rotary_factor\": 0.1}"
      ),
      (
        "text_config.rope_parameters", "partial_rotary_factor",
        "{\"mrope_section\": [2, 1, 1], \"partial_rotary_factor\": -1}"
      ),
      ("vision_config.deepstack_visual_indexes", "deepstack_visual_indexes", "[1]"),
      ("vision_config.out_hidden_size", "hidden_size", "65"),
      ("image_token_id", "image_token_id", "512"),
      ("model_type", "qwen3_5_moe", "\"qwen3_5_moe\""),
      ("model_type", "qwen3_5_text", "\"qwen3_5_text\""),
    ])
  func refused(_ key: String, _ mentioned: String, _ value: String) throws {
    let folder = try EditedCheckpoint("qwen3.5/tiny")
    try folder.set(key, value)
    let failure = try #require(complaint(folder))
    #expect(failure.kind == .modelUnusable)
    #expect(failure.message.contains(mentioned), "\(failure)")
  }

  @Test("a layer of each kind counts as what it holds: keys and values, or a state")
  func cost() throws {
    let model = try Fixtures.session("qwen3.5/tiny").model
    func cache(text: Int, new: Int) throws -> Int {
      model.cost.memory(
        of: WorkShape(textTokens: text, newTokens: new),
        merging: try model.resolve(MergeParameters(profile: .off)), threads: 2
      ).cache
    }
    // 3 layers with 2 heads of 32, in f32.
    let token = 3 * 2 * 2 * 32 * 4
    #expect(try cache(text: 110, new: 5) - cache(text: 100, new: 5) == 10 * token)
    // 9 layers: 4 heads of 16 × 16, and 3 rows of the convolution's 128 channels.
    #expect(try cache(text: 100, new: 5) - 105 * token == 9 * (4 * 16 * 16 + 3 * 128) * 4)
  }

  @Test(
    "what a template does by itself is read from its end",
    arguments: [
      ("{% if enable_thinking is defined and enable_thinking is true %}", "on", true),
      ("{% if enable_thinking is defined and enable_thinking is false %}", "off", true),
      ("{% if not enable_thinking %}", "odd", false),
    ])
  func templates(_ condition: String, _ form: String, _ isKnown: Bool) {
    let open = #"{{- '<think>\n' }}"#
    let empty = #"{{- "<think>\n\n</think>\n\n" }}"#
    let (first, second) = form == "off" ? (empty, open) : (open, empty)
    let text = """
      {{ enable_thinking }}{%- if add_generation_prompt %}
          {{- '<|im_start|>assistant\\n' }}
          \(condition.replacing("%}", with: "-%}"))
              \(first)
          {%- else %}\(second){%- endif %}
      {%- endif %}
      """
    let expected: ThinkingTemplate =
      isKnown ? (form == "off" ? .thinks : .answers) : .unknown(file: "x")
    #expect(ThinkingTemplate(text, file: "x") == expected)
  }

  @Test("a template that says nothing of thoughts, and one that is none")
  func otherTemplates() {
    let silent = "{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}"
    #expect(ThinkingTemplate(silent, file: "x") == .silent)
    #expect(ThinkingTemplate("{{ messages }}", file: "x") == .unknown(file: "x"))
    let always = "{% if add_generation_prompt %}{{ '<think>\\n' }}{% endif %}"
    #expect(ThinkingTemplate(always, file: "x") == .unknown(file: "x"))
  }

  @Test("an unknown template is no reason to refuse a question that says whether to think")
  func unknownTemplate() throws {
    let folder = try EditedCheckpoint("qwen3.5/tiny")
    let off = try answer(folder, .off)
    for file in ["chat_template.jinja", "tokenizer_config.json"] {
      let path = folder.path + "/" + file
      if file.hasSuffix("jinja") {
        try Data("{{ messages }}".utf8).write(to: URL(filePath: path))
      } else {
        try FileManager.default.removeItem(atPath: folder.path + "/chat_template.jinja")
      }
      #expect(try answer(folder, .off) == off)
      let failure = #expect(throws: Failure.self) { _ = try answer(folder, .auto) }
      #expect(failure?.code == .modelConfig)
      #expect(failure?.remedy?.contains("--thinking") == true)
    }
    // Older folders have it in another file.
    try folder.edit("tokenizer_config.json") {
      $0["chat_template"] = "{% if add_generation_prompt %}a{% endif %}"
    }
    _ = try answer(folder, .auto)
  }
}
