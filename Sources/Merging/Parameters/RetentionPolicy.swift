/// Decides again, while a prompt is read, what the language model keeps: memory that was free when the
/// question was planned may be taken by then.
public protocol RetentionPolicy {
  /// The share that a merging layer and those after it are to keep.
  ///
  /// - Parameters:
  ///   - layer: the merging layer that comes next.
  ///   - planned: the share it would keep.
  ///   - cache: what all caches will take, in bytes, for a share.
  /// - Returns: a share of at most `planned`; more is ignored.
  func share(before layer: Int, planned: Double, cache: (Double) -> Int) -> Double
}
