import Compute
import Diagnostics

/// The weights of one block of the image encoder (HF `Qwen3VLVisionBlock`).
struct VisionBlock: Sendable {
  let attentionNorm: LayerNorm
  /// Query, key and value side by side: `[3 · hidden, hidden]`.
  let queryKeyValue: Linear
  let projection: Linear
  let mlpNorm: LayerNorm
  let expand: Linear
  let contract: Linear

  /// All matrix products of the block.
  var products: [Linear] { [queryKeyValue, projection, expand, contract] }

  init(
    _ configuration: VisionConfiguration, index: Int, from source: any WeightSource
  ) throws(Failure) {
    let name = "model.visual.blocks.\(index)."
    let hidden = configuration.hiddenSize
    let inner = configuration.intermediateSize
    attentionNorm = try source.layerNorm(name + "norm1", size: hidden)
    queryKeyValue = try source.linear(
      name + "attn.qkv", inputs: hidden, outputs: 3 * hidden, bias: true)
    projection = try source.linear(name + "attn.proj", inputs: hidden, outputs: hidden, bias: true)
    mlpNorm = try source.layerNorm(name + "norm2", size: hidden)
    expand = try source.linear(name + "mlp.linear_fc1", inputs: hidden, outputs: inner, bias: true)
    contract = try source.linear(
      name + "mlp.linear_fc2", inputs: inner, outputs: hidden, bias: true)
  }
}
