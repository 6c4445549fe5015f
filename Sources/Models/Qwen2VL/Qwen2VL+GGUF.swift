import Basics
import Checkpoint
import Diagnostics

extension Qwen2VL {
  /// How files of Qwen2-VL in GGUF are read.
  static let gguf2 = GGUFSupport(
    architectures: ["qwen2vl"], projectors: ["qwen2vl_merger"]
  ) { (reader) throws(Failure) in
    let depth = try reader.visionInteger("block_count")
    let hidden = try reader.visionInteger("embedding_length")
    let inner = try reader.rows("v.blk.0.ffn_up.weight")
    var vision = try common(&reader, depth: depth, hidden: hidden)
    // The key of the converter has another number: that of the language model.
    vision["embed_dim"] = .integer(hidden)
    vision["hidden_size"] = .integer(try reader.rows("mm.2.weight"))
    vision["mlp_ratio"] = .number(Double(inner) / Double(max(1, hidden)))
    for block in try reader.layers(depth, "clip.vision.block_count") {
      let (name, other) = ("visual.blocks.\(block).", "v.blk.\(block).")
      reader.addLinear(name + "mlp.fc1", other + "ffn_up")
      reader.addLinear(name + "mlp.fc2", other + "ffn_down")
    }
    try finish(&reader, vision, type: "qwen2_vl")
  }

  /// How files of Qwen2.5-VL in GGUF are read: those of llama.cpp's converter, and Ollama's with both
  /// parts, which names the architecture otherwise.
  static let gguf25 = GGUFSupport(
    architectures: ["qwen2vl", "qwen25vl"], projectors: ["qwen2.5vl_merger"]
  ) { (reader) throws(Failure) in
    let depth = try reader.visionInteger("block_count")
    let hidden = try reader.visionInteger("embedding_length")
    let blocks = try reader.layers(depth, "block_count")
    var vision = try common(&reader, depth: depth, hidden: hidden)
    vision["hidden_size"] = .integer(hidden)
    vision["intermediate_size"] = .integer(
      try reader.rows("v.blk.0.ffn_up.weight", "v.blk.0.mlp.up_proj.weight"))
    vision["out_hidden_size"] = .integer(try reader.rows("mm.2.weight", "v.merger.mlp.2.weight"))
    vision["window_size"] = .integer(try reader.optionalVisionInteger("window_size") ?? 112)
    // No file has it; all published models have this number.
    vision["tokens_per_second"] = .integer(2)
    vision["fullatt_block_indexes"] = .array(
      try wholeBlocks(reader, depth).map(JSONValue.integer))
    for block in blocks {
      let (name, other) = ("visual.blocks.\(block).mlp.", "v.blk.\(block).")
      reader.addLinear(name + "gate_proj", other + "ffn_gate", other + "mlp.gate_proj")
      reader.addLinear(name + "up_proj", other + "ffn_up", other + "mlp.up_proj")
      reader.addLinear(name + "down_proj", other + "ffn_down", other + "mlp.down_proj")
    }
    try finish(&reader, vision, type: "qwen2_5_vl")
  }

  /// The blocks whose attention is over whole pictures: every n-th in files of llama.cpp, a list in others.
  private static func wholeBlocks(_ reader: GGUFReader, _ depth: Int) throws(Failure) -> [Int] {
    if let blocks = try reader.visionIntegers("fullatt_block_indexes") { return blocks }
    let every = try reader.visionInteger("n_wa_pattern")
    return every < 1 ? [] : (0..<depth).filter { ($0 + 1).isMultiple(of: every) }
  }

  /// Adds the tensors that both have, and gives the numbers that both have.
  private static func common(
    _ reader: inout GGUFReader, depth: Int, hidden: Int
  ) throws(Failure) -> [String: JSONValue] {
    let side = try reader.visionInteger("patch_size")
    reader.addPatches("visual.patch_embed.proj", outputs: hidden, frames: 2, side: side)
    for block in try reader.layers(depth, "block_count") {
      let (name, other) = ("visual.blocks.\(block).", "v.blk.\(block).")
      reader.addStacked(
        name + "attn.qkv", whole: other + "attn_qkv",
        parts: ["attn_q", "attn_k", "attn_v"].map { other + $0 })
      reader.addLinear(name + "attn.proj", other + "attn_out")
      reader.addLinear(name + "norm1", other + "ln1")
      reader.addLinear(name + "norm2", other + "ln2")
    }
    reader.addLinear("visual.merger.ln_q", "v.post_ln", "v.merger.ln_q")
    reader.addLinear("visual.merger.mlp.0", "mm.0", "v.merger.mlp.0")
    reader.addLinear("visual.merger.mlp.2", "mm.2", "v.merger.mlp.2")
    return [
      "depth": .integer(depth), "patch_size": .integer(side), "temporal_patch_size": .integer(2),
      "num_heads": .integer(try reader.visionInteger("attention.head_count")),
      "spatial_merge_size": .integer(
        try reader.optionalVisionInteger("spatial_merge_size") ?? 2),
    ]
  }

  /// Adds the language model and writes the files.
  private static func finish(
    _ reader: inout GGUFReader, _ vision: [String: JSONValue], type: String
  ) throws(Failure) {
    let layers = try reader.integer("block_count")
    var values = try reader.language(layers)
    values["rope_scaling"] = .object([
      "type": .text("mrope"), "mrope_section": try reader.ropeSections(published: [16, 24, 24]),
    ])
    reader.addLanguage(
      prefix: "model.", output: "lm_head.weight",
      layers: try reader.layers(layers, "\(reader.architecture).block_count"))
    values["model_type"] = .text(type)
    values["image_token_id"] = try reader.token("<|image_pad|>")
    values["video_token_id"] = try reader.token("<|video_pad|>")
    values["tie_word_embeddings"] = .flag(reader.tensor("output.weight") == nil)
    values["vision_config"] = .object(vision)
    try reader.write("config.json", .object(values))
    try reader.writeImages(published: (3136, 12_845_056))
    try reader.writeGeneration()
  }
}
