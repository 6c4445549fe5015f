import Basics
import Checkpoint
import Diagnostics
import FoundationEssentials

// What the language models of all families have in common.
extension GGUFReader {
  /// The parts of a layer: names in a Hugging Face folder, and in GGUF files.
  private static let parts = [
    ("input_layernorm", ["attn_norm"]),
    ("post_attention_layernorm", ["ffn_norm", "post_attention_norm"]),
    ("self_attn.q_proj", ["attn_q"]), ("self_attn.k_proj", ["attn_k"]),
    ("self_attn.v_proj", ["attn_v"]), ("self_attn.o_proj", ["attn_output"]),
    ("self_attn.q_norm", ["attn_q_norm"]), ("self_attn.k_norm", ["attn_k_norm"]),
    ("mlp.gate_proj", ["ffn_gate"]), ("mlp.up_proj", ["ffn_up"]), ("mlp.down_proj", ["ffn_down"]),
  ]

  /// Adds all tensors of a language model.
  ///
  /// - Parameters:
  ///   - prefix: what comes before `embed_tokens` and `layers` in a Hugging Face folder.
  ///   - output: the output layer's matrix there.
  package mutating func addLanguage(
    prefix: String, output: String, layers: Range<Int>
  ) {
    add(prefix + "embed_tokens.weight", "token_embd.weight")
    add(prefix + "norm.weight", "output_norm.weight")
    if tensor("output.weight") != nil { add(output, "output.weight") }
    for layer in layers {
      for (name, others) in Self.parts {
        for kind in [".weight", ".bias"] {
          let candidates = others.map { "blk.\(layer).\($0)\(kind)" }
          guard let found = candidates.first(where: { tensor($0) != nil }) ?? candidates.first
          else {
            continue
          }
          add("\(prefix)layers.\(layer).\(name)\(kind)", found)
        }
      }
    }
  }

  /// The keys of a language model's configuration that all families have.
  package func language(_ layers: Int) throws(Failure) -> [String: JSONValue] {
    var values: [String: JSONValue] = [
      "hidden_size": .integer(try integer("embedding_length")),
      "intermediate_size": .integer(try integer("feed_forward_length")),
      "num_hidden_layers": .integer(layers),
      "num_attention_heads": .integer(try integer("attention.head_count")),
      "vocab_size": .integer(try rows("token_embd.weight")),
    ]
    values["num_key_value_heads"] = try optionalInteger("attention.head_count_kv").map(
      JSONValue.integer)
    values["head_dim"] = try optionalInteger("attention.key_length").map(JSONValue.integer)
    values["rope_theta"] = try number("rope.freq_base").map(JSONValue.number)
    values["rms_norm_eps"] = try number("attention.layer_norm_rms_epsilon").map(JSONValue.number)
    values["max_position_embeddings"] = try optionalInteger("context_length").map(
      JSONValue.integer)
    if let scaling = try text.metadata.text("\(architecture).rope.scaling.type"),
      scaling != "none"
    {
      throw Failure(
        .modelUnusable, code: .modelGGUF,
        "\(text.path): rotary positions scaled by “\(scaling)” are not supported",
        remedy: "Use a release without scaled positions.")
    }
    return values
  }

  /// The sections of rotary positions (M-RoPE): the numbers of frequencies for time, height and width.
  ///
  /// - Parameter published: those of the published models, which a note names where the file has none.
  package mutating func ropeSections(published: [Int]) throws(Failure) -> JSONValue {
    // Four in files of llama.cpp, of which the last is for nothing.
    guard
      let sections = try integers(
        "rope.dimension_sections", "rope.mrope_section", "mrope_sections")
    else {
      translation.notes.append(
        "\(text.path): no “\(architecture).rope.dimension_sections”: the published models' "
          + "\(published) were taken. llama.cpp's own converter always writes them: if answers are poor, "
          + "use a file that it made.")
      return .array(published.map(JSONValue.integer))
    }
    return .array(sections.prefix(3).map(JSONValue.integer))
  }

  /// Writes `generation_config.json` and `chat_template.jinja` from the tokenizer's keys.
  package mutating func writeGeneration() throws(Failure) {
    let metadata = text.metadata
    var ends: Set<Int> = []
    for key in ["eos_token_id", "eot_token_id"] {
      if let id = try metadata.integer("tokenizer.ggml.\(key)") { ends.insert(id) }
    }
    // llama.cpp ends at these wherever a vocabulary has them, so files name only one of them.
    let vocabulary = try GGUFVocabulary(text)
    for name in ["<|im_end|>", "<|endoftext|>"] {
      if let id = vocabulary.id(of: name) { ends.insert(id) }
    }
    try write(
      "generation_config.json",
      .object(["eos_token_id": .array(ends.sorted().map(JSONValue.integer))]))
    if let template = try metadata.text("tokenizer.chat_template") {
      translation.files["chat_template.jinja"] = Data(template.utf8)
    }
  }

  /// The id of a token.
  ///
  /// - Throws: `model.special-token` where the vocabulary lacks it.
  package func token(_ name: String) throws(Failure) -> JSONValue {
    guard let id = try GGUFVocabulary(text).id(of: name) else {
      throw Failure(
        .modelUnusable, code: .modelSpecialToken, "\(text.path): no token \(name)",
        remedy: "Use a release of a model that sees pictures.")
    }
    return .integer(id)
  }
}
