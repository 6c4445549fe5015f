/// Lowers what the language model keeps during prefill, because memory that was free when the question
/// was planned may be in use by then.
public protocol RetentionPolicy {
  /// The share that the next merging layer and those after it keep.
  ///
  /// - Parameters:
  ///   - layer: the merging layer that comes next.
  ///   - planned: the share that layer would keep.
  ///   - cache: the bytes that all KV caches will take at a given share.
  /// - Returns: a share of at most `planned`; a larger one is ignored.
  func share(before layer: Int, planned: Double, cache: (Double) -> Int) -> Double
}
