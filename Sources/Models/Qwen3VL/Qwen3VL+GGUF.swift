import Basics
import Checkpoint
import Diagnostics

extension Qwen3VL {
  /// How its files in GGUF are read: those of llama.cpp's converter, and Ollama's with both parts.
  static let gguf = GGUFSupport(
    architectures: ["qwen3vl"], projectors: ["qwen3vl_merger"]
  ) { (reader) throws(Failure) in
    let layers = try reader.integer("block_count")
    var text = try reader.language(layers)
    text["rope_scaling"] = .object([
      "rope_type": .text("default"), "mrope_interleaved": .flag(true),
      "mrope_section": try reader.ropeSections(published: [24, 20, 20]),
    ])
    reader.addLanguage(
      prefix: "model.language_model.", output: "lm_head.weight",
      layers: try reader.layers(layers, "\(reader.architecture).block_count"))
    let (vision, features) = try reader.qwen3Vision()
    try checkFeatures(features, &reader)
    try reader.write(
      "config.json",
      .object([
        "model_type": .text("qwen3_vl"),
        "architectures": .array([.text("Qwen3VLForConditionalGeneration")]),
        "image_token_id": try reader.token("<|image_pad|>"),
        "video_token_id": try reader.token("<|video_pad|>"),
        "tie_word_embeddings": .flag(reader.tensor("output.weight") == nil),
        "text_config": .object(text), "vision_config": vision,
      ]))
    try reader.writeQwen3Files()
  }

  /// Compares the image encoder's DeepStack layers with what the language model's file says of them.
  private static func checkFeatures(
    _ features: [Int], _ reader: inout GGUFReader
  ) throws(Failure) {
    guard let expected = try reader.optionalInteger("n_deepstack_layers") else { return }
    guard expected == features.count else {
      throw Failure(
        .modelUnusable, code: .modelGGUF,
        "\((reader.projector ?? reader.text).path): DeepStack after \(features.count) blocks, but "
          + "\(reader.text.path) expects \(expected)",
        remedy: "Use the mmproj file of the same release: the two do not belong together. "
          + "llama.cpp's own converter writes both since 30 October 2025 (pull request 16780); files of "
          + "branches before it may lack DeepStack.")
    }
  }
}

// The image encoder of Qwen3-VL, which Qwen3.5 has without DeepStack.
extension GGUFReader {
  /// The configuration of the image encoder and the blocks of DeepStack; adds the encoder's tensors.
  package mutating func qwen3Vision() throws(Failure) -> (configuration: JSONValue, features: [Int])
  {
    let depth = try visionInteger("block_count")
    let blocks = try layers(depth, "block_count")
    let marked = try visionTruths("is_deepstack_layers") ?? []
    let features =
      try visionIntegers("deepstack_visual_indexes")
      ?? marked.enumerated().filter(\.element).map(\.offset)
    let (hidden, side) = (try visionInteger("embedding_length"), try visionInteger("patch_size"))
    let name = "model.visual."
    addPatches(name + "patch_embed.proj", outputs: hidden, frames: 2, side: side)
    add(name + "pos_embed.weight", "v.position_embd.weight", "v.pos_embed.weight")
    for block in blocks { addQwen3Block("\(name)blocks.\(block).", "v.blk.\(block).") }
    addLinear(name + "merger.norm", "v.post_ln", "v.merger.norm")
    addLinear(name + "merger.linear_fc1", "mm.0", "v.merger.linear_fc1")
    addLinear(name + "merger.linear_fc2", "mm.2", "v.merger.linear_fc2")
    for (index, block) in features.enumerated() {
      let merger = "\(name)deepstack_merger_list.\(index)."
      let (llama, ollama) = ("v.deepstack.\(block).", "v.deepstack_merger.\(index).")
      addLinear(merger + "norm", llama + "norm", ollama + "norm")
      addLinear(merger + "linear_fc1", llama + "fc1", ollama + "linear_fc1")
      addLinear(merger + "linear_fc2", llama + "fc2", ollama + "linear_fc2")
    }
    let values: [String: JSONValue] = [
      "depth": .integer(depth), "hidden_size": .integer(hidden),
      "intermediate_size": .integer(
        try rows("v.blk.0.ffn_up.weight", "v.blk.0.mlp.linear_fc1.weight")),
      "num_heads": .integer(try visionInteger("attention.head_count")),
      "patch_size": .integer(side), "temporal_patch_size": .integer(2),
      "spatial_merge_size": .integer(try optionalVisionInteger("spatial_merge_size") ?? 2),
      "out_hidden_size": .integer(try rows("mm.2.weight", "v.merger.linear_fc2.weight")),
      "num_position_embeddings": .integer(try rows("v.position_embd.weight", "v.pos_embed.weight")),
      "deepstack_visual_indexes": .array(features.map(JSONValue.integer)),
      "hidden_act": .text("gelu_pytorch_tanh"),
    ]
    return (.object(values), features)
  }

  private mutating func addQwen3Block(_ name: String, _ other: String) {
    addStacked(
      name + "attn.qkv", whole: other + "attn_qkv",
      parts: ["attn_q", "attn_k", "attn_v"].map { other + $0 })
    addLinear(name + "attn.proj", other + "attn_out")
    addLinear(name + "norm1", other + "ln1", other + "norm1")
    addLinear(name + "norm2", other + "ln2", other + "norm2")
    addLinear(name + "mlp.linear_fc1", other + "ffn_up", other + "mlp.linear_fc1")
    addLinear(name + "mlp.linear_fc2", other + "ffn_down", other + "mlp.linear_fc2")
  }

  /// Writes the processors' files of the published models: GGUF files have no sizes of videos, and of
  /// images only some have them.
  package mutating func writeQwen3Files() throws(Failure) {
    try writeImages(published: (65_536, 16_777_216))
    try write(
      "video_preprocessor_config.json",
      .object([
        "size": .object(["shortest_edge": .integer(4096), "longest_edge": .integer(25_165_824)])
      ]))
    try writeGeneration()
  }
}
