import Diagnostics

/// What happens to the rows a merging layer gives up (the authors' `illava_vit_mode` and
/// `illava_llm_mode`).
public enum MergeMode: Int, Sendable, Codable, CaseIterable {
  /// The rows with the lowest scores go, and nothing of them stays.
  case drop = 1
  /// Rows go from the end, each averaged into the one before it; scores are not used.
  case shiftMerge = 2
  /// The rows with the lowest scores go; the best of them flow into a few recycled rows.
  case recycle = 3
  /// The rows with the lowest scores go; each is averaged into the survivor most like it, by how many
  /// rows both stand for, and from then on attention counts a survivor as all the rows it stands for
  /// (proportional attention: ToMe, arXiv 2210.09461, eq. 1).
  case absorb = 4
}

extension MergeMode: OptionValue {
  /// The number in decimal digits.
  public static func plain(of text: String) -> PlainValue? { Int.plain(of: text) }

  /// The mode of a number.
  ///
  /// - Throws: `merging.mode` for a number of no mode.
  public init?(_ plain: PlainValue) throws(Failure) {
    guard case .integer(let number) = plain else { return nil }
    guard let mode = MergeMode(rawValue: number) else {
      throw Failure(
        .usage, code: .mergingMode, "\(number) is not a merging mode",
        remedy: "Give 1 (drop), 2 (shift-merge), 3 (recycle) or 4 (absorb).")
    }
    self = mode
  }

  /// Its number.
  public var plain: PlainValue { .integer(rawValue) }
}
