import Compute
import Diagnostics

/// The weights of InternLM2's own layout under the names of Llama's: renamed, and with queries, keys and
/// values taken apart (OpenGVLab's `modeling_internlm2.py`).
///
/// `attention.wqkv` has the rows of each group of heads one after the other: those of its query heads, of
/// its key head and of its value head. The parts are copied, because a product needs its rows together.
struct InternLM2Weights: WeightSource {
  /// The tensors under InternLM2's names.
  let source: any WeightSource
  let language: LanguageConfiguration
  /// Whether the numbers are wanted; if not, copies have the right size only.
  let isFilled: Bool

  private static let layers = "language_model.model.layers."
  /// The embedding in Llama's layout; a folder that has it needs none of this.
  static let embedding = "language_model.model.embed_tokens.weight"
  /// The output layer in InternLM2's layout.
  static let output = "language_model.output.weight"

  /// Llama's names of parts of a layer and InternLM2's.
  private static let parts = [
    "input_layernorm.weight": "attention_norm.weight",
    "post_attention_layernorm.weight": "ffn_norm.weight",
    "self_attn.o_proj.weight": "attention.wo.weight",
    "mlp.gate_proj.weight": "feed_forward.w1.weight",
    "mlp.up_proj.weight": "feed_forward.w3.weight",
    "mlp.down_proj.weight": "feed_forward.w2.weight",
  ]

  func weights(_ name: String, shape: [Int]) throws(Failure) -> WeightStorage {
    switch name {
    case Self.embedding:
      return try source.weights("language_model.model.tok_embeddings.weight", shape: shape)
    case "language_model.lm_head.weight": return try source.weights(Self.output, shape: shape)
    default: break
    }
    guard name.hasPrefix(Self.layers) else { return try source.weights(name, shape: shape) }
    let rest = name.dropFirst(Self.layers.count)
    guard let dot = rest.firstIndex(of: ".") else {
      return try source.weights(name, shape: shape)
    }
    let layer = Self.layers + rest[...dot]
    let part = String(rest[rest.index(after: dot)...])
    if let other = Self.parts[part] { return try source.weights(layer + other, shape: shape) }
    let perGroup = language.heads / language.keyValueHeads
    let heads: Range<Int>
    switch part {
    case "self_attn.q_proj.weight": heads = 0..<perGroup
    case "self_attn.k_proj.weight": heads = perGroup..<perGroup + 1
    case "self_attn.v_proj.weight": heads = perGroup + 1..<perGroup + 2
    default: return try source.weights(name, shape: shape)
    }
    return try copy(heads, from: layer + "attention.wqkv.weight", shape: shape)
  }

  /// The rows of these heads of every group.
  private func copy(
    _ heads: Range<Int>, from name: String, shape: [Int]
  ) throws(Failure) -> WeightStorage {
    let (groups, size) = (language.keyValueHeads, language.headSize)
    let perGroup = language.heads / groups + 2
    let packed = try source.weights(
      name, shape: [groups * perGroup * size, language.hiddenSize])
    let memory = try OwnedWeights(shape: shape, elementType: packed.elementType)
    guard isFilled else { return memory.storage }
    let head = size * language.hiddenSize * packed.elementType.size
    for group in 0..<groups {
      (memory.base + group * heads.count * head).copyMemory(
        from: packed.base + (group * perGroup + heads.lowerBound) * head,
        byteCount: heads.count * head)
    }
    source.discard(0..<groups * perGroup * head, of: packed)
    return memory.storage
  }

  func discard(_ bytes: Range<Int>, of storage: WeightStorage) {
    if storage.owner is OwnedWeights { return }
    source.discard(bytes, of: storage)
  }
}
