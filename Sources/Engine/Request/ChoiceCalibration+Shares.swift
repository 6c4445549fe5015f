import Options

@preconcurrency import Glibc

extension ChoiceCalibration {
  /// The calibrated share of each choice, from the natural logarithms of their probabilities; all shares
  /// sum to 1.
  public func shares(_ logprobs: [Double]) -> [Double] {
    let scores = logprobs.enumerated().map { index, logprob in
      scale * logprob + (index == 0 ? bias : 0)
    }
    let top = scores.max() ?? 0
    // A model with broken weights gives no numbers; then no choice is likelier than another.
    guard top.isFinite else { return scores.map { _ in 1 / Double(scores.count) } }
    let weights = scores.map { exp($0 - top) }
    let sum = weights.reduce(0, +)
    return weights.map { $0 / sum }
  }
}
