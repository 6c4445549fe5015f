import Basics
import Checkpoint
import Diagnostics

@preconcurrency import Glibc

extension Qwen35 {
  /// How its files in GGUF are read.
  static let gguf = GGUFSupport(
    architectures: ["qwen35"], projectors: ["qwen3vl_merger"]
  ) { (reader) throws(Failure) in
    let all = try reader.integer("block_count")
    // The layers behind the last are for guessing further tokens.
    let more = try reader.optionalInteger("nextn_predict_layers") ?? 0
    let count = all.addingClamped(-min(max(0, more), 1024))
    let layers = try reader.layers(count, "qwen35.block_count")
    let heads = try LinearHeads(reader)
    var text = try reader.language(count)
    text["rope_parameters"] = .object([
      "rope_type": .text("default"), "mrope_interleaved": .flag(true),
      "rope_theta": .number(try reader.number("rope.freq_base") ?? 10_000_000),
      "partial_rotary_factor": .number(
        Double(try reader.integer("rope.dimension_count"))
          / Double(max(1, try reader.integer("attention.key_length")))),
      "mrope_section": try reader.ropeSections(published: [11, 11, 10]),
    ])
    text["linear_conv_kernel_dim"] = .integer(heads.taps)
    text["linear_key_head_dim"] = .integer(heads.keySize)
    text["linear_value_head_dim"] = .integer(heads.valueSize)
    text["linear_num_key_heads"] = .integer(heads.keys)
    text["linear_num_value_heads"] = .integer(heads.values)
    text["layer_types"] = .array(
      layers.map { layer in
        .text(reader.tensor("blk.\(layer).ssm_a") == nil ? "full_attention" : "linear_attention")
      })
    // First those with other numbers in the file, because the first of a name counts.
    addNorms(&reader, layers)
    for layer in layers where reader.tensor("blk.\(layer).ssm_a") != nil {
      heads.add(layer, to: &reader)
    }
    reader.addLanguage(
      prefix: "model.language_model.", output: "lm_head.weight", layers: layers)
    try reader.write(
      "config.json",
      .object([
        "model_type": .text("qwen3_5"),
        "image_token_id": try reader.token("<|image_pad|>"),
        "video_token_id": try reader.token("<|video_pad|>"),
        "tie_word_embeddings": .flag(reader.tensor("output.weight") == nil),
        "text_config": .object(text), "vision_config": try reader.qwen3Vision().configuration,
      ]))
    try reader.writeQwen3Files()
  }

  /// Adds the norms of the language model, to whose scales the converter has added one.
  private static func addNorms(_ reader: inout GGUFReader, _ layers: Range<Int>) {
    func add(_ name: String, _ other: String) {
      guard let tensor = reader.tensor(other + ".weight") else { return }
      reader.translation.add(
        "model.language_model.\(name).weight", GGUFRecipe(tensor) { $0 - 1 })
    }
    add("norm", "output_norm")
    for layer in layers {
      let (name, other) = ("layers.\(layer).", "blk.\(layer).")
      add(name + "input_layernorm", other + "attn_norm")
      add(name + "post_attention_layernorm", other + "post_attention_norm")
      add(name + "self_attn.q_norm", other + "attn_q_norm")
      add(name + "self_attn.k_norm", other + "attn_k_norm")
    }
  }
}

/// The heads of the layers with a recurrent state, whose order the converter changes: value head v of key
/// head k lies at `v * keys + k` in the file, and at `k * perKey + v` in a Hugging Face folder.
private struct LinearHeads {
  let keys: Int
  let values: Int
  let keySize: Int
  let valueSize: Int
  let taps: Int

  init(_ reader: GGUFReader) throws(Failure) {
    keys = try reader.integer("ssm.group_count")
    values = try reader.integer("ssm.time_step_rank")
    keySize = try reader.integer("ssm.state_size")
    taps = try reader.integer("ssm.conv_kernel")
    let inner = try reader.integer("ssm.inner_size")
    valueSize = values > 0 ? inner / values : 0
    guard keys > 0, values > 0, keySize > 0, valueSize > 0, values.isMultiple(of: keys),
      inner == values.multipliedClamped(by: valueSize),
      [keys, values, keySize, valueSize].allSatisfy({ $0 <= 1 << 20 })
    else {
      throw Failure(
        .modelUnusable, code: .modelGGUF,
        "\(reader.text.path): “qwen35.ssm.” has numbers of heads that do not fit together",
        remedy: "Download the file again, or another release.")
    }
  }

  /// Where the value head of a Hugging Face folder lies in the file.
  private func place(_ head: Int) -> Int {
    let perKey = values / keys
    return head % perKey * keys + head / perKey
  }

  /// Adds the tensors of a layer.
  func add(_ layer: Int, to reader: inout GGUFReader) {
    let (name, other) = ("model.language_model.layers.\(layer).linear_attn.", "blk.\(layer).")
    func add(_ part: String, _ recipe: GGUFRecipe?) {
      if let recipe { reader.translation.add(name + part, recipe) }
    }
    let (keyRows, size, taps) = (2 * keys * keySize, valueSize, taps)
    // Rows of the values behind those of queries and keys.
    let behindKeys: @Sendable (Int) -> Int = { row in
      row < keyRows ? row : keyRows + place((row - keyRows) / size) * size + (row - keyRows) % size
    }
    if let tensor = reader.tensor(other + "attn_qkv.weight") {
      add(
        "in_proj_qkv.weight", GGUFRecipe(tensor, rowLength: tensor.shape.last ?? 1, row: behindKeys)
      )
    }
    if let tensor = reader.tensor(other + "ssm_conv1d.weight"), let rows = tensor.shape.first {
      add(
        "conv1d.weight",
        GGUFRecipe(tensor, shape: [rows, 1, taps], rowLength: taps, row: behindKeys))
    }
    if let tensor = reader.tensor(other + "attn_gate.weight") {
      add(
        "in_proj_z.weight",
        GGUFRecipe(tensor, rowLength: tensor.shape.last ?? 1) {
          place($0 / size) * size + $0 % size
        })
    }
    for (part, suffix) in [("in_proj_b", "ssm_beta"), ("in_proj_a", "ssm_alpha")] {
      guard let tensor = reader.tensor(other + suffix + ".weight") else { continue }
      add(part + ".weight", GGUFRecipe(tensor, rowLength: tensor.shape.last ?? 1, row: place))
    }
    if let tensor = reader.tensor(other + "ssm_out.weight") {
      // Columns: each row has a run of numbers for every head.
      let values = values
      add(
        "out_proj.weight",
        GGUFRecipe(tensor, rowLength: size) { $0 / values * values + place($0 % values) })
    }
    if let tensor = reader.tensor(other + "ssm_a") {
      // The file has -exp(A_log).
      add("A_log", GGUFRecipe(tensor, rowLength: 1, change: { log(-$0) }, row: place))
    }
    if let tensor = reader.tensor(other + "ssm_dt.bias") {
      add("dt_bias", GGUFRecipe(tensor, rowLength: 1, row: place))
    }
    if let tensor = reader.tensor(other + "ssm_norm.weight") {
      add("norm.weight", GGUFRecipe(tensor))
    }
  }
}
