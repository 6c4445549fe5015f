import Basics
import Checkpoint
import Diagnostics

extension InternVL {
  /// How its files in GGUF are read: as a folder in the layout of Transformers.
  static let gguf = GGUFSupport(
    architectures: ["qwen2", "llama"], projectors: ["internvl"]
  ) { (reader) throws(Failure) in
    let count = try reader.integer("block_count")
    let layers = try reader.layers(count, "\(reader.architecture).block_count")
    var text = try reader.language(count)
    text["model_type"] = .text(reader.architecture)
    if reader.architecture == "llama" { try addLlamaHeads(&reader, layers) }
    reader.addLanguage(
      prefix: "language_model.model.", output: "language_model.lm_head.weight", layers: layers)
    let isTied = reader.tensor("output.weight") == nil
    text["tie_word_embeddings"] = .flag(isTied)
    let vision = try vision(&reader)
    try reader.write(
      "config.json",
      .object([
        "model_type": .text("internvl"), "text_config": .object(text), "vision_config": vision,
        "image_token_id": try reader.token(InternVLFiles.published.context),
        "downsample_ratio": .number(
          1 / Double(max(1, try reader.optionalVisionInteger("projector.scale_factor") ?? 2))),
        "tie_word_embeddings": .flag(isTied),
      ]))
    try writeTiles(&reader)
    try reader.writeGeneration()
  }

  /// Adds the products for queries and keys of Llama, of which the converter puts the rows of each head's
  /// halves in turn.
  private static func addLlamaHeads(
    _ reader: inout GGUFReader, _ layers: Range<Int>
  ) throws(Failure) {
    let heads = try reader.integer("attention.head_count")
    let keyHeads = try reader.optionalInteger("attention.head_count_kv") ?? heads
    for layer in layers {
      for (name, other, heads) in [("q_proj", "attn_q", heads), ("k_proj", "attn_k", keyHeads)] {
        guard let tensor = reader.tensor("blk.\(layer).\(other).weight"),
          let rows = tensor.shape.first, heads > 0, rows.isMultiple(of: 2 * heads)
        else { continue }
        let size = rows / heads
        let recipe = GGUFRecipe(tensor, rowLength: tensor.shape.last ?? 1) { row in
          let (head, place) = (row / size, row % size)
          return head * size + place % (size / 2) * 2 + place / (size / 2)
        }
        guard let recipe else { continue }
        reader.translation.add(
          "language_model.model.layers.\(layer).self_attn.\(name).weight", recipe)
      }
    }
  }

  /// Adds the image encoder and gives its configuration.
  private static func vision(_ reader: inout GGUFReader) throws(Failure) -> JSONValue {
    let depth = try reader.visionInteger("block_count")
    let (hidden, side) = (
      try reader.visionInteger("embedding_length"), try reader.visionInteger("patch_size")
    )
    let name = "vision_tower.embeddings."
    if let tensor = reader.tensor("v.class_embd") ?? reader.tensor("v.class_embd.weight") {
      reader.translation.add(name + "cls_token", GGUFRecipe(tensor, shape: [1, 1, hidden]))
    }
    reader.addLinear(name + "patch_embeddings.projection", "v.patch_embd")
    if let tensor = reader.tensor("v.position_embd.weight") {
      let rows = tensor.shape.dropLast().reduce(1) { $0.multipliedClamped(by: $1) }
      reader.translation.add(
        name + "position_embeddings", GGUFRecipe(tensor, shape: [1, rows, hidden]))
    }
    for block in try reader.layers(depth, "clip.vision.block_count") {
      addBlock(block, to: &reader)
    }
    let projector = "multi_modal_projector."
    reader.addLinear(projector + "layer_norm", "mm.model.mlp.0")
    reader.addLinear(projector + "linear_1", "mm.model.mlp.1")
    reader.addLinear(projector + "linear_2", "mm.model.mlp.3")
    var values: [String: JSONValue] = [
      "model_type": .text("internvl_vision"), "hidden_act": .text("gelu"),
      "num_hidden_layers": .integer(depth), "hidden_size": .integer(hidden),
      "patch_size": .integer(side), "image_size": .integer(try reader.visionInteger("image_size")),
      "intermediate_size": .integer(try reader.rows("v.blk.0.ffn_up.weight")),
      "num_attention_heads": .integer(try reader.visionInteger("attention.head_count")),
      "norm_type": .text(reader.tensor("v.blk.0.ln1.bias") == nil ? "rms_norm" : "layer_norm"),
      "attention_bias": .flag(reader.tensor("v.blk.0.attn_q.bias") != nil),
      "use_qk_norm": .flag(reader.tensor("v.blk.0.attn_q_norm.weight") != nil),
    ]
    values["layer_norm_eps"] = try reader.visionNumber("attention.layer_norm_epsilon").map(
      JSONValue.number)
    return .object(values)
  }

  private static func addBlock(_ block: Int, to reader: inout GGUFReader) {
    let (name, other) = ("vision_tower.encoder.layer.\(block).", "v.blk.\(block).")
    for (part, letter) in [("q", "attn_q"), ("k", "attn_k"), ("v", "attn_v")] {
      reader.addLinear(name + "attention.\(part)_proj", other + letter)
    }
    reader.addLinear(name + "attention.q_norm", other + "attn_q_norm")
    reader.addLinear(name + "attention.k_norm", other + "attn_k_norm")
    reader.addLinear(name + "attention.projection_layer", other + "attn_out")
    reader.addLinear(name + "layernorm_before", other + "ln1")
    reader.addLinear(name + "layernorm_after", other + "ln2")
    reader.addLinear(name + "mlp.fc1", other + "ffn_up")
    reader.addLinear(name + "mlp.fc2", other + "ffn_down")
    reader.add(name + "lambda_1", other + "ls1.weight")
    reader.add(name + "lambda_2", other + "ls2.weight")
  }

  /// Writes the colors and the numbers of tiles.
  private static func writeTiles(_ reader: inout GGUFReader) throws(Failure) {
    var values: [String: JSONValue] = [:]
    for key in ["image_mean", "image_std"] {
      values[key] = try reader.visionNumbers(key).map { .array($0.map(JSONValue.number)) }
    }
    values["min_patches"] = try reader.optionalVisionInteger("preproc_min_tiles").map(
      JSONValue.integer)
    values["max_patches"] = try reader.optionalVisionInteger("preproc_max_tiles").map(
      JSONValue.integer)
    try reader.write("preprocessor_config.json", .object(values))
  }
}
