import Basics
import Foundation
import Options
import Testing

@testable import Evaluation

@Suite("Calibration of choices")
struct CalibrationTests {
  /// Outcomes whose right choices follow the probabilities under a calibration.
  private func outcomes(_ truth: ChoiceCalibration, choices: Int, _ count: Int) -> [ChoiceOutcome] {
    var random = SplitMix64(seed: 5)
    return (0..<count).map { _ in
      let logprobs = (0..<choices).map { _ in -12 * random.unit() }
      var left = random.unit()
      let shares = truth.shares(logprobs)
      let right = shares.firstIndex { share in
        left -= share
        return left < 0
      }
      return ChoiceOutcome(logprobs: logprobs, right: right ?? 0)
    }
  }

  @Test(
    "the numbers by which outcomes were drawn are found again",
    arguments: [(0.3, 1.5, 2), (0.8, -2.0, 2), (1.5, 0.5, 2), (0.4, 1.0, 4)])
  func found(_ scale: Double, _ bias: Double, _ choices: Int) {
    let truth = ChoiceCalibration(scale: scale, bias: bias)
    let fit = CalibrationFit.fit(outcomes(truth, choices: choices, 4000))
    #expect(abs(fit.scale - scale) < 0.15 * scale, "\(fit)")
    #expect(abs(fit.bias - bias) < 0.3, "\(fit)")
  }

  @Test("a model that is too sure is made as sure as it is right")
  func error() throws {
    let result = try #require(
      CalibrationResult(
        outcomes(ChoiceCalibration(scale: 0.25, bias: 0.6), choices: 2, 2000)))
    #expect(result.questions == 2000)
    #expect(result.before.error > 0.1)
    #expect(result.after.error < 0.04)
    #expect(result.after.accuracy >= result.before.accuracy - 0.01)
    #expect(try ChoiceCalibration(text: result.calibration).scale < 0.4)
    #expect(CalibrationResult([ChoiceOutcome(logprobs: [0, -1], right: 0)]) == nil)
  }

  @Test("choices that are all right, or of no probability, do not break the fit")
  func extremes() {
    let right = CalibrationFit.fit(
      Array(repeating: ChoiceOutcome(logprobs: [-0.1, -3], right: 0), count: 50))
    #expect(right.scale.isFinite && right.scale >= 1 && right.scale < 50)
    let none = CalibrationFit.fit([
      ChoiceOutcome(logprobs: [-.infinity, .nan], right: 1),
      ChoiceOutcome(logprobs: [0, -2], right: 1),
    ])
    #expect(none.scale.isFinite && none.bias.isFinite)
    #expect(CalibrationFit.fit([]) == .none)
  }
}
