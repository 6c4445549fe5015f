import Diagnostics

extension PackedWeights {
  /// Weights of the right size without numbers, for plans; nothing may be multiplied with them.
  ///
  /// - Throws: `compute.too-large` for a shape that overflows, or `compute.no-memory`.
  public init(
    unfilled outputs: Int, inputs: Int, layout: PackedLayout = .eight
  ) throws(Failure) {
    guard let bytes = Self.byteCount(outputs: outputs, inputs: inputs, layout: layout) else {
      throw Self.tooLarge([outputs, inputs])
    }
    let memory = try UnfilledMemory(bytes: bytes)
    guard
      let weights = PackedWeights(
        outputs: outputs, inputs: inputs, layout: layout, bytes: memory.bytes, owner: memory)
    else { throw Self.tooLarge([outputs, inputs]) }
    self = weights
  }
}
