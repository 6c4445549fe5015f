import CKernels

extension ElementType {
  /// The kernels' constant for this type.
  var kernelType: illava_element {
    switch self {
    case .f32: illava_f32
    case .f16: illava_f16
    case .bf16: illava_bf16
    }
  }

  /// Writes `count` stored elements to `output` as f32.
  public func widen(
    _ stored: UnsafeRawPointer, to output: UnsafeMutablePointer<Float>, count: Int
  ) {
    illava_widen(kernelType, stored, output, count)
  }

  /// Writes `count` numbers in this type, rounded to the nearest, halves to even.
  public func narrow(
    _ input: UnsafePointer<Float>, to stored: UnsafeMutableRawPointer, count: Int
  ) {
    illava_narrow(kernelType, input, stored, count)
  }
}

extension WeightStorage {
  /// All elements as f32: for biases and norms, never for matrices.
  public var floats: [Float] {
    [Float](unsafeUninitializedCapacity: count) { buffer, filled in
      if let start = buffer.baseAddress { elementType.widen(base, to: start, count: count) }
      filled = count
    }
  }

  /// Row `index` of `[rows, columns]` as f32, into `output`.
  public func copyRow(_ index: Int, to output: UnsafeMutablePointer<Float>) {
    let columns = shape.dropFirst().reduce(1, *)
    elementType.widen(base + index * columns * elementType.size, to: output, count: columns)
  }
}
