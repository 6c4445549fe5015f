import Engine
import Options

/// How true the confidence in choices is, before and after a calibration.
public struct CalibrationResult: Sendable, Codable, Equatable {
  /// How often choices are right, and how far confidence is from that.
  public struct Measure: Sendable, Codable, Equatable {
    /// The share of questions whose likeliest choice is right.
    public let accuracy: Double
    /// The expected calibration error over ten equal ranges of confidence (Guo et al., "On Calibration of
    /// Modern Neural Networks", 2017, eq. 3): the mean distance of confidence from accuracy.
    public let error: Double
  }

  /// Questions that were answered by choices.
  public let questions: Int
  /// The calibration that fits them, as the option `choice_calibration` takes it.
  public let calibration: String
  /// Without a calibration.
  public let before: Measure
  /// With a calibration, each half of the questions under the one that fits the other half.
  public let after: Measure

  /// The result of outcomes; `nil` for fewer than two.
  public init?(_ outcomes: [ChoiceOutcome]) {
    guard outcomes.count > 1 else { return nil }
    questions = outcomes.count
    calibration = CalibrationFit.fit(outcomes).rounded.text
    before = Self.measure(outcomes.map { ($0, .none) })
    let halves = [0, 1].map { half in
      outcomes.enumerated().filter { $0.offset % 2 == half }.map(\.element)
    }
    let fits = [CalibrationFit.fit(halves[1]), CalibrationFit.fit(halves[0])]
    after = Self.measure(
      halves[0].map { ($0, fits[0]) } + halves[1].map { ($0, fits[1]) })
  }

  private static func measure(
    _ outcomes: [(outcome: ChoiceOutcome, calibration: ChoiceCalibration)]
  ) -> Measure {
    var bins = [(count: Double, right: Double, confidence: Double)](repeating: (0, 0, 0), count: 10)
    for (outcome, calibration) in outcomes {
      let shares = calibration.shares(outcome.logprobs)
      guard let best = shares.indices.max(by: { shares[$0] < shares[$1] }) else { continue }
      let bin = min(9, Int(shares[best] * 10))
      bins[bin].count += 1
      bins[bin].confidence += shares[best]
      bins[bin].right += best == outcome.right ? 1 : 0
    }
    let all = Double(outcomes.count)
    return Measure(
      accuracy: bins.reduce(0) { $0 + $1.right } / all,
      error: bins.reduce(0) { $0 + abs($1.right - $1.confidence) } / all)
  }
}

extension ChoiceCalibration {
  /// The numbers with three digits behind the point: more say nothing.
  fileprivate var rounded: ChoiceCalibration {
    ChoiceCalibration(scale: (scale * 1000).rounded() / 1000, bias: (bias * 1000).rounded() / 1000)
  }
}
