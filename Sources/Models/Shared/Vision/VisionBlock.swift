import Compute
import Diagnostics

/// One block of an image encoder: norm, attention, norm, MLP, with a residual around each half.
package struct VisionBlock: Sendable {
  /// The norm before attention.
  let attentionNorm: Norm
  /// Query, key and value: one product for all, `[3 · hidden, hidden]`, or one for each.
  let queryKeyValue: [Linear]
  /// The norms of whole queries and keys, before they are split into heads; `nil` for none.
  let queryKeyNorms: (query: RMSNorm, key: RMSNorm)?
  /// The output projection of attention.
  let projection: Linear
  /// The scale of what attention adds; `nil` for none.
  let attentionScale: LayerScale?
  /// The norm before the MLP.
  let mlpNorm: Norm
  /// The MLP.
  let mlp: MLP
  /// The scale of what the MLP adds; `nil` for none.
  let mlpScale: LayerScale?

  /// A block from its parts.
  package init(
    attentionNorm: Norm, queryKeyValue: Linear, projection: Linear, mlpNorm: Norm, mlp: MLP
  ) {
    self.init(
      attentionNorm: attentionNorm, queryKeyValue: [queryKeyValue], projection: projection,
      mlpNorm: mlpNorm, mlp: mlp)
  }

  /// A block from its parts, with more choices.
  ///
  /// - Parameter queryKeyValue: one product, or one each for query, key and value.
  package init(
    attentionNorm: Norm, queryKeyValue: [Linear],
    queryKeyNorms: (query: RMSNorm, key: RMSNorm)? = nil, projection: Linear,
    attentionScale: LayerScale? = nil, mlpNorm: Norm, mlp: MLP, mlpScale: LayerScale? = nil
  ) {
    self.attentionNorm = attentionNorm
    self.queryKeyValue = queryKeyValue
    self.queryKeyNorms = queryKeyNorms
    self.projection = projection
    self.attentionScale = attentionScale
    self.mlpNorm = mlpNorm
    self.mlp = mlp
    self.mlpScale = mlpScale
  }

  /// All matrix products of the block.
  var products: [Linear] { queryKeyValue + [projection] + mlp.products }
}
