@preconcurrency import Glibc

/// The natural logarithms of a model's probabilities, from its logits.
struct LogProbabilities {
  private let logits: [Float]
  /// The logarithm of the sum of all exponentials.
  private let total: Float

  /// The probabilities of logits, `[vocabulary]`.
  init(_ logits: [Float]) {
    self.logits = logits
    let top = logits.max() ?? 0
    var sum = 0.0
    for logit in logits { sum += Double(expf(logit - top)) }
    total = top + Float(log(sum))
  }

  /// The logarithm of a token's probability.
  subscript(token: Int32) -> Float {
    logits.indices.contains(Int(token)) ? logits[Int(token)] - total : -.infinity
  }

  /// The likeliest tokens, the likeliest first.
  func top(_ count: Int) -> [(token: Int32, logprob: Float)] {
    var best: [Int] = []
    for index in logits.indices where count > 0 {
      if best.count == count, logits[index] <= logits[best[count - 1]] { continue }
      let place = best.firstIndex { logits[$0] < logits[index] } ?? best.count
      best.insert(index, at: place)
      if best.count > count { best.removeLast() }
    }
    return best.map { (Int32($0), logits[$0] - total) }
  }

  /// The logarithm of the sum of two numbers that are given by their logarithms.
  static func sum(_ a: Double, _ b: Double) -> Double {
    let (small, large) = a < b ? (a, b) : (b, a)
    return small == -.infinity ? large : large + log1p(exp(small - large))
  }
}
