/// What happens to the rows a merging layer gives up (the authors' `illava_vit_mode` and
/// `illava_llm_mode`).
public enum MergeMode: Int, Sendable, Codable, CaseIterable {
  /// The rows with the lowest scores go, and nothing of them stays.
  case drop = 1
  /// Rows go from the end, each averaged into the one before it; scores are not used.
  case shiftMerge = 2
  /// The rows with the lowest scores go; the best of them flow into a few recycled rows.
  case recycle = 3
}
