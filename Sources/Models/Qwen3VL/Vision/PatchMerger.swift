import Compute
import Diagnostics

/// Turns each group of patches into one token of the text model (HF `Qwen3VLVisionPatchMerger`).
struct PatchMerger: Sendable {
  private let norm: LayerNorm
  /// Whether the norm sees the whole group (DeepStack) or each patch (the last layer).
  private let normalizesGroups: Bool
  private let expand: Linear
  private let contract: Linear
  private let groupSize: Int

  /// All matrix products of the merger.
  var products: [Linear] { [expand, contract] }

  init(
    _ name: String, _ configuration: VisionConfiguration, normalizesGroups: Bool,
    from source: any WeightSource
  ) throws(Failure) {
    let group = configuration.hiddenSize * configuration.groupSize
    norm = try source.layerNorm(
      name + ".norm", size: normalizesGroups ? group : configuration.hiddenSize)
    expand = try source.linear(name + ".linear_fc1", inputs: group, outputs: group, bias: true)
    contract = try source.linear(
      name + ".linear_fc2", inputs: group, outputs: configuration.outputSize, bias: true)
    self.normalizesGroups = normalizesGroups
    groupSize = configuration.groupSize
  }

  /// Memory that merging this many patches takes while it lasts, without the result.
  static func bytes(patches: Int, _ configuration: VisionConfiguration) -> Int {
    let groups = patches / configuration.groupSize
    let inner = configuration.hiddenSize * configuration.groupSize
    return Matrix.bytes(rows: patches, columns: configuration.hiddenSize)
      + Matrix.bytes(rows: groups, columns: inner)
  }

  /// - Parameter patches: `[patches, hidden]`, rows without gaps.
  /// - Returns: `[patches / groupSize, outputSize]`.
  func apply(_ patches: MatrixView, threads: ThreadTeam) throws(Failure) -> Matrix {
    let groups = patches.rows / groupSize
    let normalized = try Matrix(rows: patches.rows, columns: patches.columns)
    if normalizesGroups {
      norm.apply(
        patches.grouped(by: groupSize), to: normalized.view.grouped(by: groupSize),
        threads: threads)
    } else {
      norm.apply(patches, to: normalized.view, threads: threads)
    }
    let inner = try Matrix(rows: groups, columns: expand.outputs)
    try expand.apply(
      normalized.view.grouped(by: groupSize), to: inner.view, threads: threads)
    Activation.gelu.apply(inner.view, threads: threads)
    let output = try Matrix(rows: groups, columns: contract.outputs)
    try contract.apply(inner.view, to: output.view, threads: threads)
    return output
  }
}
