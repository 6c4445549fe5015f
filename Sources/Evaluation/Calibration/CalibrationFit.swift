import Engine
import Options

@preconcurrency import Glibc

/// Fits the two numbers of a calibration of choices: those under which the right choices are the
/// likeliest (Platt, "Probabilistic Outputs for Support Vector Machines", 1999; with more than two choices,
/// a softmax takes the place of the sigmoid).
enum CalibrationFit {
  /// How strongly the numbers are held at no calibration, in questions. Without it, choices that are all
  /// right would be made certain.
  private static let prior = 1.0

  /// The calibration that fits outcomes; none where there are none.
  static func fit(_ outcomes: [ChoiceOutcome]) -> ChoiceCalibration {
    var (scale, bias) = (1.0, 0.0)
    var loss = self.loss(outcomes, scale, bias)
    // The loss is convex: Newton's method with steps that are halved until they help.
    for _ in 0..<100 {
      let slope = slopes(outcomes, scale, bias)
      let determinant = slope.aa * slope.bb - slope.ab * slope.ab
      guard determinant > 0 else { break }
      var step = (
        a: (slope.bb * slope.a - slope.ab * slope.b) / determinant,
        b: (slope.aa * slope.b - slope.ab * slope.a) / determinant
      )
      guard abs(step.a) + abs(step.b) > 1e-9 else { break }
      var isBetter = false
      for _ in 0..<40 {
        let next = (a: max(0, scale - step.a), b: bias - step.b)
        let lower = self.loss(outcomes, next.a, next.b)
        if lower < loss {
          (scale, bias, loss) = (next.a, next.b, lower)
          isBetter = true
          break
        }
        step = (step.a / 2, step.b / 2)
      }
      guard isBetter else { break }
    }
    return ChoiceCalibration(scale: min(scale, 1000), bias: min(max(bias, -1000), 1000))
  }

  private static func loss(_ outcomes: [ChoiceOutcome], _ scale: Double, _ bias: Double) -> Double {
    let calibration = ChoiceCalibration(scale: scale, bias: bias)
    let distance = (scale - 1) * (scale - 1) + bias * bias
    return outcomes.reduce(prior / 2 * distance) { sum, outcome in
      sum - log(max(calibration.shares(outcome.logprobs)[outcome.right], 1e-300))
    }
  }

  /// The first and second derivatives of the loss by both numbers.
  private static func slopes(
    _ outcomes: [ChoiceOutcome], _ scale: Double, _ bias: Double
  ) -> (a: Double, b: Double, aa: Double, ab: Double, bb: Double) {
    var (a, b) = (prior * (scale - 1), prior * bias)
    var (aa, ab, bb) = (prior, 0.0, prior)
    let calibration = ChoiceCalibration(scale: scale, bias: bias)
    for outcome in outcomes {
      let shares = calibration.shares(outcome.logprobs)
      let top = outcome.logprobs.max() ?? 0
      let features = outcome.logprobs.map { $0 - top }
      let mean = zip(shares, features).reduce(0) { $0 + $1.0 * $1.1 }
      let square = zip(shares, features).reduce(0) { $0 + $1.0 * $1.1 * $1.1 }
      let first = shares.first ?? 0
      a += mean - features[outcome.right]
      b += first - (outcome.right == 0 ? 1 : 0)
      aa += square - mean * mean
      ab += first * ((features.first ?? 0) - mean)
      bb += first * (1 - first)
    }
    return (a, b, aa, ab, bb)
  }
}
