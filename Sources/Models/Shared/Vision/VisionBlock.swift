import Compute
import Diagnostics

/// One block of an image encoder: norm, attention, norm, MLP, with a residual around each half.
package struct VisionBlock: Sendable {
  /// The norm before attention.
  let attentionNorm: Norm
  /// Query, key and value side by side: `[3 · hidden, hidden]`.
  let queryKeyValue: Linear
  /// The output projection of attention.
  let projection: Linear
  /// The norm before the MLP.
  let mlpNorm: Norm
  /// The MLP.
  let mlp: MLP

  /// A block from its parts.
  package init(
    attentionNorm: Norm, queryKeyValue: Linear, projection: Linear, mlpNorm: Norm, mlp: MLP
  ) {
    self.attentionNorm = attentionNorm
    self.queryKeyValue = queryKeyValue
    self.projection = projection
    self.mlpNorm = mlpNorm
    self.mlp = mlp
  }

  /// All matrix products of the block.
  var products: [Linear] { [queryKeyValue, projection] + mlp.products }
}
