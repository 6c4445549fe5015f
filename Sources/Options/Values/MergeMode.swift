import Diagnostics

/// What happens to the rows that a merging layer does not keep (the authors' `illava_vit_mode` and
/// `illava_llm_mode`).
public enum MergeMode: Int, Sendable, Codable, CaseIterable {
  /// The rows with the lowest scores are removed without a trace.
  case drop = 1
  /// The last rows are removed, each averaged into the one before it; scores are not used.
  case shiftMerge = 2
  /// The rows with the lowest scores are removed; the best of them are averaged into a few kept rows.
  case recycle = 3
  /// The rows with the lowest scores are removed. Each is averaged into the most similar survivor,
  /// weighted by how many rows both stand for. From then on, attention counts a survivor as all the rows
  /// it stands for (proportional attention: ToMe, arXiv 2210.09461, eq. 1).
  case absorb = 4
}

extension MergeMode: OptionValue {
  /// The number in decimal digits.
  public static func plain(of text: String) -> PlainValue? { Int.plain(of: text) }

  /// The mode with a number.
  ///
  /// - Throws: `merging.mode` for any other number.
  public init?(_ plain: PlainValue) throws(Failure) {
    guard case .integer(let number) = plain else { return nil }
    guard let mode = MergeMode(rawValue: number) else {
      throw Failure(
        .usage, code: .mergingMode, "\(number) is not a merging mode",
        remedy: "Give 1 (drop), 2 (shift-merge), 3 (recycle) or 4 (absorb).")
    }
    self = mode
  }

  /// The mode's number.
  public var plain: PlainValue { .integer(rawValue) }
}
