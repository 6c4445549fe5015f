import Compute

/// What the weights of a model take, and what its products need beside them.
public struct WeightAccount: Sendable {
  /// Bytes of all weights as they are held.
  public let bytes: Int
  /// Bytes among them that are in memory of their own, not in a mapped file.
  public let ownedBytes: Int
  /// The matrices that are held in 8 bits, by name; empty for other precisions.
  public let packed: [(name: String, weights: PackedWeights)]
  /// The image encoder's kinds of products.
  let vision: [Linear]
  /// The language model's kinds of products over many rows.
  let text: [Linear]
  /// Bytes of weights that every generated token reads.
  public let bytesPerToken: Int
  /// How keys and values are held unless a question asks for fewer bits.
  public let cacheType: ElementType

  /// Scratch elements per thread that the image encoder's widest product needs.
  func visionScratch(threads: Int) -> Int {
    vision.map { $0.scratchElements(threads: threads) }.max() ?? 0
  }

  /// Scratch elements per thread that the language model's widest product over many rows needs.
  func textScratch(threads: Int) -> Int {
    text.map { $0.scratchElements(threads: threads) }.max() ?? 0
  }
}
