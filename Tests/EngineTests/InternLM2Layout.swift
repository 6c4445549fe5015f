import Foundation
import Testing

/// Rewrites a folder of InternVL with Llama in OpenGVLab's layout into that with InternLM2.
enum InternLM2Layout {
  private static let names = [
    ("language_model.model.embed_tokens", "language_model.model.tok_embeddings"),
    ("language_model.lm_head", "language_model.output"), ("self_attn.o_proj", "attention.wo"),
    ("mlp.gate_proj", "feed_forward.w1"), ("mlp.up_proj", "feed_forward.w3"),
    ("mlp.down_proj", "feed_forward.w2"), ("input_layernorm", "attention_norm"),
    ("post_attention_layernorm", "ffn_norm"),
  ]

  static func convert(_ folder: EditedCheckpoint) throws {
    var heads = 0
    var groups = 0
    try folder.edit("config.json") { values in
      var language = values["llm_config"] as? [String: Any] ?? [:]
      heads = language["num_attention_heads"] as? Int ?? 0
      groups = language["num_key_value_heads"] as? Int ?? 0
      language["model_type"] = "internlm2"
      language["bias"] = false
      language["rope_scaling"] = ["type": "dynamic", "factor": 2.0] as [String: Any]
      values["llm_config"] = language
    }
    try #require(groups > 0)
    var parts: [String: [String: EditedCheckpoint.Tensor]] = [:]
    try folder.rewrite { tensor in
      var tensor = tensor
      for (old, new) in names where tensor.name.hasPrefix("language_model.") {
        tensor.name = tensor.name.replacingOccurrences(of: old, with: new)
      }
      guard
        let range = tensor.name.range(of: #"self_attn\.[qkv]_proj"#, options: .regularExpression)
      else { return [tensor] }
      let part = String(tensor.name[range].dropFirst(10).prefix(1))
      tensor.name.replaceSubrange(range, with: "attention.wqkv")
      parts[tensor.name, default: [:]][part] = tensor
      guard let all = parts[tensor.name], let q = all["q"], let k = all["k"], let v = all["v"]
      else {
        return []
      }
      return [joined(q, k, v, heads: heads, groups: groups)]
    }
  }

  /// Group after group: the rows of its query heads, of its key head, of its value head.
  private static func joined(
    _ q: EditedCheckpoint.Tensor, _ k: EditedCheckpoint.Tensor, _ v: EditedCheckpoint.Tensor,
    heads: Int, groups: Int
  ) -> EditedCheckpoint.Tensor {
    var tensor = q
    tensor.bytes = []
    for group in 0..<groups {
      for part in [q, k, v] {
        let size = part.bytes.count / groups
        tensor.bytes += part.bytes[group * size..<(group + 1) * size]
      }
    }
    tensor.shape[0] = q.shape[0] + k.shape[0] + v.shape[0]
    return tensor
  }
}
