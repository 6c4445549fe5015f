import Compute
import Diagnostics

/// Turns each group of patches into one token of the language model: norm, product, GELU, product
/// (HF `Qwen3VLVisionPatchMerger`, `InternVLMultiModalProjector`, `LlavaOnevisionMultiModalProjector`).
package struct PatchMerger: Sendable {
  /// What a norm is computed over.
  package enum Scope: Sendable {
    /// Each patch by itself.
    case patches
    /// All patches of a group, concatenated.
    case groups
  }

  private let norm: Norm?
  private let scope: Scope
  private let expand: Linear
  private let contract: Linear
  private let groupSize: Int

  /// A merger from its parts.
  ///
  /// - Parameter norm: the norm before the products; `nil` for none.
  package init(norm: Norm?, over scope: Scope, expand: Linear, contract: Linear, groupSize: Int) {
    self.norm = norm
    self.scope = scope
    self.expand = expand
    self.contract = contract
    self.groupSize = groupSize
  }

  /// All matrix products of the merger.
  var products: [Linear] { [expand, contract] }

  /// The memory that merging this many patches takes, without its result. A merger of features is never
  /// wider than a group.
  static func bytes(patches: Int, _ shape: VisionShape) -> Int {
    let groups = patches / shape.groupSize
    return Matrix.bytes(rows: patches, columns: shape.hiddenSize)
      + Matrix.bytes(
        rows: groups,
        columns: shape.featureLayers.isEmpty
          ? shape.mergerSize : max(shape.mergerSize, shape.hiddenSize * shape.groupSize))
  }

  /// - Parameter patches: `[patches, hidden]`, rows without gaps.
  /// - Returns: `[patches / groupSize, outputSize]`.
  func apply(_ patches: MatrixView, threads: ThreadTeam) throws(Failure) -> Matrix {
    let groups = patches.rows / groupSize
    var normalized = patches
    if let norm {
      normalized = try Matrix(rows: patches.rows, columns: patches.columns).view
      switch scope {
      case .groups:
        norm.apply(
          patches.grouped(by: groupSize), to: normalized.grouped(by: groupSize), threads: threads)
      case .patches: norm.apply(patches, to: normalized, threads: threads)
      }
    }
    let inner = try Matrix(rows: groups, columns: expand.outputs)
    try expand.apply(normalized.grouped(by: groupSize), to: inner.view, threads: threads)
    Activation.gelu.apply(inner.view, threads: threads)
    let output = try Matrix(rows: groups, columns: contract.outputs)
    try contract.apply(inner.view, to: output.view, threads: threads)
    return output
  }
}
