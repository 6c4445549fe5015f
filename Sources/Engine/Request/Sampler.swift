import Basics
import Diagnostics
import Grammar

@preconcurrency import Glibc

/// Chooses the next token from logits: the largest, or one drawn at random.
///
/// The order is that of Hugging Face's logits processors: repetition penalty, temperature, top-k,
/// top-p. The same seed gives the same answer.
public struct Sampler: Sendable {
  /// How tokens are chosen.
  public struct Options: Sendable, Equatable {
    /// 0 takes the largest logit; higher values make unlikely tokens likelier.
    public var temperature: Float = 0
    /// Draws from the most likely tokens that together have this probability.
    public var topP: Float = 1
    /// Draws from this many tokens; 0 for all.
    public var topK = 0
    /// Divides the positive logits of tokens that have occurred by this, and multiplies negative ones.
    public var repetitionPenalty: Float = 1
    /// The seed of the random numbers.
    public var seed: UInt64 = 0

    /// Greedy decoding.
    public init() {}

    /// - Throws: `usage` for values out of range.
    public func validate() throws(Failure) {
      guard temperature >= 0, temperature.isFinite else {
        throw Self.wrong("the temperature is \(temperature)", "Give 0 or more.")
      }
      guard topP > 0, topP <= 1 else { throw Self.wrong("top-p is \(topP)", "Give 0 < p ≤ 1.") }
      guard topK >= 0 else { throw Self.wrong("top-k is \(topK)", "Give 0 or more.") }
      guard repetitionPenalty > 0, repetitionPenalty.isFinite else {
        throw Self.wrong("the repetition penalty is \(repetitionPenalty)", "Give more than 0.")
      }
    }

    private static func wrong(_ message: String, _ remedy: String) -> Failure {
      Failure(.usage, code: .samplingOption, message, remedy: remedy)
    }
  }

  private let options: Options
  private var random: SplitMix64
  private var seen: Set<Int32>

  /// - Parameter prompt: the tokens that count as having occurred already.
  public init(_ options: Options, prompt: [Int32]) {
    self.options = options
    random = SplitMix64(seed: options.seed)
    seen = options.repetitionPenalty == 1 ? [] : Set(prompt)
  }

  /// Counts a token as having occurred.
  public mutating func note(_ token: Int32) {
    if options.repetitionPenalty != 1 { seen.insert(token) }
  }

  /// The next token after `logits`, `[vocabulary]`.
  ///
  /// - Parameter mask: the tokens that may come; `nil` for all.
  public mutating func next(_ logits: [Float], mask: TokenMask? = nil) -> Int32 {
    var logits = logits
    if options.repetitionPenalty != 1 {
      for token in seen where logits.indices.contains(Int(token)) {
        let logit = logits[Int(token)]
        logits[Int(token)] =
          logit < 0 ? logit * options.repetitionPenalty : logit / options.repetitionPenalty
      }
    }
    let token =
      if options.temperature != 0 {
        draw(
          logits, among: mask?.ids.filter { $0 < logits.count } ?? Array(0..<Int32(logits.count)))
      } else if let mask {
        mask.largest(of: logits) ?? 0
      } else { Self.largest(logits) }
    note(token)
    return token
  }

  /// The index of the largest logit; the first of equals.
  static func largest(_ logits: [Float]) -> Int32 {
    var best = 0
    for index in logits.indices where logits[index] > logits[best] { best = index }
    return Int32(best)
  }

  private mutating func draw(_ logits: [Float], among allowed: [Int32]) -> Int32 {
    var order = allowed.sorted { a, b in
      let (first, second) = (logits[Int(a)], logits[Int(b)])
      return first > second || (first == second && a < b)
    }
    if options.topK > 0 { order = Array(order.prefix(options.topK)) }
    guard let first = order.first else { return 0 }
    let top = logits[Int(first)]
    var weights = order.map { expf((logits[Int($0)] - top) / options.temperature) }
    if options.topP < 1 {
      let wanted = options.topP * weights.reduce(0, +)
      var sum: Float = 0
      var count = 0
      while count < weights.count, sum < wanted {
        sum += weights[count]
        count += 1
      }
      weights = Array(weights.prefix(max(1, count)))
    }
    var left = Float(random.unit()) * weights.reduce(0, +)
    for (index, weight) in weights.enumerated() {
      left -= weight
      if left < 0 { return order[index] }
    }
    return order[weights.count - 1]
  }
}
