import Basics

/// Random scores that are the same for the same job, layer and segment on every machine.
public enum RandomScores {
  /// The seed of one segment at one layer.
  ///
  /// - Parameters:
  ///   - job: the seed of the whole question.
  ///   - stage: where the layer is.
  ///   - segment: the segment's number within the question.
  public static func seed(job: UInt64, stage: MergePlace, layer: Int, segment: Int) -> UInt64 {
    var seed = job
    for part in [stage == .vision ? 1 : 2, layer, segment] {
      // One step of the generator between the parts, so that (1, 2) and (2, 1) give different seeds.
      var random = SplitMix64(seed: seed ^ UInt64(truncatingIfNeeded: part))
      seed = random.next()
    }
    return seed
  }

  /// `[count]` numbers in `0..<1`.
  public static func make(count: Int, seed: UInt64) -> [Float] {
    var random = SplitMix64(seed: seed)
    // An f32 holds 24 bits exactly; in the rare case of a tie the lower index wins.
    return (0..<count).map { _ in Float(random.next() >> 40) * 0x1p-24 }
  }
}
