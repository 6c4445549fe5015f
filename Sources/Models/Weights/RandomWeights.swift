import Compute
import Diagnostics

/// Random bf16 weights of any shape, in memory: for measuring speed and memory without a checkpoint.
///
/// Matrices have the standard deviation that keeps activations near one (`1 / √inputs`), norms are one,
/// biases are small. The same seed gives the same weights.
public struct RandomWeights: WeightSource {
  private let seed: UInt64
  /// The count of numbers drawn for each tensor; they repeat, at an odd distance, to fill it.
  private static let drawn = 65_521

  /// The weights of a seed.
  public init(seed: UInt64 = 0) { self.seed = seed }

  /// A tensor of this shape; its numbers depend on its name.
  public func weights(_ name: String, shape: [Int]) throws(Failure) -> WeightStorage {
    let memory = try OwnedWeights(shape: shape, elementType: .bf16)
    let count = shape.reduce(1, *)
    var pattern: [Float]
    if shape.count == 1, name.contains("norm"), name.hasSuffix("weight") {
      pattern = [Float](repeating: 1, count: min(count, Self.drawn))
    } else {
      let inputs = shape.count == 1 ? 2500 : shape.dropFirst().reduce(1, *)
      pattern = draw(min(count, Self.drawn), spread: 1 / Float(inputs).squareRoot(), name: name)
    }
    for start in stride(from: 0, to: count, by: Self.drawn) {
      ElementType.bf16.narrow(
        &pattern, to: memory.base + start * 2, count: min(pattern.count, count - start))
    }
    return memory.storage
  }

  /// Uniform numbers of the given standard deviation, by a 64-bit linear congruential generator.
  private func draw(_ count: Int, spread: Float, name: String) -> [Float] {
    var state = name.utf8.reduce(seed &+ 0x9e37_79b9_7f4a_7c15) {
      ($0 ^ UInt64($1)) &* 0x100_0000_01b3
    }
    let width = spread * Float(12).squareRoot()
    return (0..<count).map { _ in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return (Float(state >> 40) / Float(1 << 24) - 0.5) * width
    }
  }
}
