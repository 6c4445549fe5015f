import Compute
import Options

/// The bytes of a model's weights, and the scratch memory that its products need.
public struct WeightAccount: Sendable {
  /// Bytes of all weights, in the precision they are held in.
  public let bytes: Int
  /// Bytes among them in memory of the process itself, not in a mapped file.
  public let ownedBytes: Int
  /// The matrices that are held in 4 to 8 bits, by name; empty for other precisions.
  public let packed: [(name: String, weights: PackedWeights)]
  /// One of the image encoder's products of each shape.
  let vision: [Linear]
  /// One of the language model's products over many rows of each shape.
  let text: [Linear]
  /// Bytes of weights that every generated token reads.
  public let bytesPerToken: Int
  /// The type of keys and values, unless a question asks for fewer bits.
  public let cacheType: ElementType
  /// How many numbers the weights are, and of which part.
  public let parameters: Parameters

  /// The precision that would hold the weights in fewer bits, if there is one.
  package var smallerPrecision: WeightPrecision? {
    guard !packed.isEmpty else { return .int8 }
    return packed.allSatisfy { $0.weights.layout == .eight } ? .int4 : nil
  }

  /// Scratch elements per thread that the image encoder's widest product needs.
  func visionScratch(threads: Int) -> Int {
    vision.map { $0.scratchElements(threads: threads) }.max() ?? 0
  }

  /// Scratch elements per thread that the language model's widest product over many rows needs.
  func textScratch(threads: Int) -> Int {
    text.map { $0.scratchElements(threads: threads) }.max() ?? 0
  }
}
