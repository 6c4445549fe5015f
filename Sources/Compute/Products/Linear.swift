import CKernels
import Diagnostics

/// A linear layer `y = x Wᵀ + b`; the weights keep their stored type.
///
/// There is never an f32 copy of a whole layer. Where the kernels have products for many rows
/// (`StoredProduct`), they read the weights as stored. Otherwise weights are converted to f32 one panel
/// of output columns at a time, into scratch memory about the size of a core's cache, and multiplied by
/// OpenBLAS. One or two rows, as in decode, use a dot-product kernel that reads the stored weights
/// directly. Weights of 4 to 8 bits have their own kernels (`PackedProduct`).
public struct Linear: Sendable {
  /// `[output, input]`.
  public let weights: LayerWeights
  /// `[output]`, f32.
  public let bias: [Float]?

  /// Elements per input row.
  public let inputs: Int
  /// Elements per output row.
  public let outputs: Int

  /// The most rows for the dot-product kernel, which reads all weights once per row.
  private static let fewRows = 2
  /// Elements of a panel: 4 MiB of f32. OpenBLAS packs the input again for every panel, so panels must
  /// not be too narrow either: on 784 × 1,024 × 4,096, panels of 256 columns reached 77 % and of 1,024
  /// columns 95 % of the speed of one undivided product.
  private static let panelElements = 1 << 20
  private static let minPanelColumns = 256
  /// Output rows of one decode task: with 2,048 bf16 inputs, 256 KiB of weights.
  private static let dotRows = 64

  /// A layer over `weight` of shape `[output, input]` and `bias` of `[output]`.
  public init(weight: WeightStorage, bias: [Float]? = nil) {
    self.init(weights: .stored(weight), bias: bias)
  }

  /// A layer over `weights`, `[output, input]`, in any precision, and `bias`, `[output]`.
  public init(weights: LayerWeights, bias: [Float]? = nil) {
    self.weights = weights
    self.bias = bias
    outputs = weights.outputs
    inputs = weights.inputs
  }

  /// Computes the layer for every row of `x`.
  ///
  /// - Parameters:
  ///   - x: `[rows, input]`.
  ///   - y: `[rows, output]`.
  ///   - accumulate: adds to the contents of `y`, as a residual connection does.
  /// - Throws: `compute.no-memory` when there is no memory for the panels.
  public func apply(
    _ x: MatrixView, to y: MatrixView, accumulate: Bool = false, threads: ThreadTeam
  ) throws(Failure) {
    switch weights {
    case .packed(let packed):
      threads.observer?.reads(x, weights: packed.base)
      let layer = PackedProduct.Layer(weights: packed, bias: bias, y: y)
      try PackedProduct(layers: [layer], accumulate: accumulate).apply(x, threads: threads)
    case .stored(let weight):
      if x.rows > Self.fewRows, StoredProduct.serves(weight.elementType) {
        try stored(weight).apply(x, to: y, accumulate: accumulate, threads: threads)
      } else if x.rows > Self.fewRows {
        try apply(weight, x, to: y, accumulate: accumulate, threads: threads)
      } else {
        for row in 0..<x.rows {
          applyToRow(weight, x.row(row), to: y.row(row), accumulate: accumulate, threads: threads)
        }
      }
    }
  }

  /// Computes several layers for the same rows; packed weights share the quantized rows.
  ///
  /// - Parameters:
  ///   - layers: layers with the same number of inputs, and their outputs, `[rows, output]` each.
  ///   - x: `[rows, input]`.
  /// - Throws: as `apply`.
  public static func apply(
    _ layers: [(layer: Linear, y: MatrixView)], _ x: MatrixView, threads: ThreadTeam
  ) throws(Failure) {
    var packed: [PackedProduct.Layer] = []
    packed.reserveCapacity(layers.count)
    for (layer, y) in layers {
      guard case .packed(let weights) = layer.weights else { continue }
      packed.append(PackedProduct.Layer(weights: weights, bias: layer.bias, y: y))
    }
    if !packed.isEmpty, packed.count == layers.count {
      for layer in packed { threads.observer?.reads(x, weights: layer.weights.base) }
      try PackedProduct(layers: packed, accumulate: false).apply(x, threads: threads)
    } else {
      for (layer, y) in layers { try layer.apply(x, to: y, threads: threads) }
    }
  }

  private func stored(_ weight: WeightStorage) -> StoredProduct {
    StoredProduct(weight: weight, inputs: inputs, outputs: outputs, bias: bias)
  }

  /// For many rows: converts panels of weights to f32 and multiplies them with OpenBLAS.
  private func apply(
    _ weight: WeightStorage, _ x: MatrixView, to y: MatrixView, accumulate: Bool,
    threads: ThreadTeam
  ) throws(Failure) {
    let columns = panelColumns(threads: threads.count)
    let isStoredAsFloat = weight.elementType == .f32
    let scratch = try threads.scratch(elements: scratchElements(threads: threads.count))
    threads.forEach((outputs + columns - 1) / columns) { panel, thread in
      let first = panel * columns
      let count = min(columns, outputs - first)
      let stored = weight.base + first * inputs * weight.elementType.size
      let operand: UnsafePointer<Float>
      if isStoredAsFloat {
        operand = stored.assumingMemoryBound(to: Float.self)
      } else {
        illava_widen(weight.elementType.kernelType, stored, scratch.row(thread), count * inputs)
        operand = UnsafePointer(scratch.row(thread))
      }
      let part = y[columns: first..<first + count]
      OpenBLAS.multiplyTransposed(x, operand, stride: inputs, to: part, accumulate: accumulate)
      guard let bias else { return }
      bias.withUnsafeBufferPointer { bias in
        guard let bias = bias.baseAddress else { return }
        for row in 0..<part.rows { illava_add(part.row(row), bias + first, count) }
      }
    }
  }

  /// The scratch elements per thread for more than a few rows.
  public func scratchElements(threads: Int) -> Int {
    switch weights {
    case .packed(let packed):
      PackedProduct.scratchElements(groups: packed.groups, threads: threads)
    case .stored(let weight) where StoredProduct.serves(weight.elementType):
      stored(weight).scratchElements(threads: threads)
    case .stored(let weight):
      weight.elementType == .f32 ? 0 : panelColumns(threads: threads) * inputs
    }
  }

  /// The number of columns of a panel: as many as a panel may have, but at least one panel per thread.
  private func panelColumns(threads: Int) -> Int {
    let perThread = (outputs + threads - 1) / threads
    let cached = max(Self.minPanelColumns, Self.panelElements / max(1, inputs))
    return max(1, min(cached, perThread))
  }

  /// For one row: every output is a dot product with one row of weights.
  private func applyToRow(
    _ weight: WeightStorage, _ x: UnsafeMutablePointer<Float>, to y: UnsafeMutablePointer<Float>,
    accumulate: Bool, threads: ThreadTeam
  ) {
    threads.forEachRun(of: outputs, size: Self.dotRows) { run in
      let stored = weight.base + run.lowerBound * inputs * weight.elementType.size
      withUnsafeTemporaryAllocation(of: Float.self, capacity: run.count) { products in
        guard let products = products.baseAddress else { return }
        illava_dot_rows(
          weight.elementType.kernelType, stored, inputs, run.count, x, inputs, products)
        bias?.withUnsafeBufferPointer { bias in
          if let bias = bias.baseAddress { illava_add(products, bias + run.lowerBound, run.count) }
        }
        if accumulate {
          illava_add(y + run.lowerBound, products, run.count)
        } else {
          (y + run.lowerBound).update(from: products, count: run.count)
        }
      }
    }
  }
}
