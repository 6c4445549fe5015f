import Compute

/// The tokens of a run as the language model reads them, where they are packed (`RunPacking`).
public struct PackedRun: Sendable {
  /// `[tokens, hidden]`.
  let tokens: Matrix
  /// The place of each token in the unmerged run, ascending.
  let places: [Int]
  /// Which tokens are newlines.
  let isFixed: [Bool]
  /// `[tokens]`: how many original groups each token stands for; empty if every token stands for one.
  let sizes: [Float]
}
