import Checkpoint
import Compute
import Diagnostics

/// A source of a model's tensors, by their names in the Hugging Face layout.
public protocol WeightSource: Sendable {
  /// The tensor of this name and shape.
  ///
  /// - Throws: `modelUnusable` when it is missing or of another shape or type.
  func weights(_ name: String, shape: [Int]) throws(Failure) -> WeightStorage
  /// The matrix `[outputs, inputs]` of this name, for matrix products.
  ///
  /// - Throws: as `weights(_:shape:)`.
  func matrix(_ name: String, outputs: Int, inputs: Int) throws(Failure) -> LayerWeights
  /// The same for a matrix whose errors cost most: 8 bits where others have 4.
  ///
  /// - Throws: as `weights(_:shape:)`.
  func exactMatrix(_ name: String, outputs: Int, inputs: Int) throws(Failure) -> LayerWeights
  /// The matrix `[outputs, inputs]` of this name in the blocks that the source has it in; `nil` where it has
  /// numbers, or blocks that do not lie as the rows of the matrix.
  ///
  /// Whoever packs weights asks for blocks first and for `matrix` otherwise. Sources give blocks of files in
  /// GGUF as they are (`StoredBlocks`): row by row, unaligned, mapped or copied.
  ///
  /// - Throws: as `weights(_:shape:)`.
  func blocks(_ name: String, outputs: Int, inputs: Int) throws(Failure) -> StoredBlocks?
  /// The table `[outputs, inputs]` of this name, of which rows are looked up.
  ///
  /// - Throws: as `weights(_:shape:)`.
  func table(_ name: String, outputs: Int, inputs: Int) throws(Failure) -> LayerWeights
  /// Tells the source that these bytes of a tensor will not be read again soon, so that pages of a
  /// mapped file can be released.
  func discard(_ bytes: Range<Int>, of storage: WeightStorage)
  /// Tells the source the same of rows of a matrix in blocks.
  func discard(rows: Range<Int>, of blocks: StoredBlocks)
}

extension Checkpoint: WeightSource {}

extension WeightSource {
  /// The tensor as the source stores it.
  public func matrix(
    _ name: String, outputs: Int, inputs: Int
  ) throws(Failure) -> LayerWeights {
    .stored(try weights(name, shape: [outputs, inputs]))
  }

  /// The matrix as others.
  public func exactMatrix(
    _ name: String, outputs: Int, inputs: Int
  ) throws(Failure) -> LayerWeights {
    try matrix(name, outputs: outputs, inputs: inputs)
  }

  /// This source for one of an encoder's blocks: the matrices of the first and the last are exact.
  package func block(_ index: Int, of depth: Int) -> any WeightSource {
    index == 0 || index == depth - 1 ? ExactWeights(source: self) : self
  }

  /// None.
  public func blocks(
    _ name: String, outputs: Int, inputs: Int
  ) throws(Failure) -> StoredBlocks? { nil }

  /// The tensor as the source stores it.
  public func table(
    _ name: String, outputs: Int, inputs: Int
  ) throws(Failure) -> LayerWeights {
    .stored(try weights(name, shape: [outputs, inputs]))
  }

  /// Does nothing, because tensors of the process's own memory stay there.
  public func discard(_ bytes: Range<Int>, of storage: WeightStorage) {}

  /// Does nothing, as for other tensors.
  public func discard(rows: Range<Int>, of blocks: StoredBlocks) {}

  /// A matrix `[outputs, inputs]` and, where the layer has one, its bias.
  package func linear(
    _ name: String, inputs: Int, outputs: Int, bias: Bool
  ) throws(Failure) -> Linear {
    let weights = try matrix(name + ".weight", outputs: outputs, inputs: inputs)
    guard bias else { return Linear(weights: weights) }
    return Linear(weights: weights, bias: try vector(name + ".bias", count: outputs))
  }

  /// A short tensor as f32: a bias or a norm's scale.
  package func vector(_ name: String, count: Int) throws(Failure) -> [Float] {
    try weights(name, shape: [count]).floats
  }

  /// A layer norm with scale and shift.
  package func layerNorm(
    _ name: String, size: Int, epsilon: Float = 1e-6
  ) throws(Failure) -> LayerNorm {
    LayerNorm(
      weight: try vector(name + ".weight", count: size),
      bias: try vector(name + ".bias", count: size), epsilon: epsilon)
  }

  /// A root-mean-square norm with its scale.
  package func rmsNorm(_ name: String, size: Int, epsilon: Float) throws(Failure) -> RMSNorm {
    RMSNorm(weight: try vector(name + ".weight", count: size), epsilon: epsilon)
  }

  /// The patch embedding, stored as a convolution whose stride is its size, as a linear layer over whole
  /// patches.
  package func patchEmbedding(
    _ name: String, _ shape: VisionShape, kernel: [Int], bias: Bool
  ) throws(Failure) -> Linear {
    let stored = try weights(name + ".weight", shape: [shape.hiddenSize] + kernel)
    return Linear(
      weight: WeightStorage(
        shape: [shape.hiddenSize, shape.patchElements], elementType: stored.elementType,
        base: stored.base, owner: stored.owner),
      bias: bias ? try vector(name + ".bias", count: shape.hiddenSize) : nil)
  }
}
