import Diagnostics

/// Two numbers that turn the model's probabilities of choices into how often they are right (Platt,
/// "Probabilistic Outputs for Support Vector Machines", 1999): the logarithm of each probability is
/// multiplied by `scale`, and `bias` is added to that of the first choice.
public struct ChoiceCalibration: Sendable, Equatable {
  /// The factor on the logarithms; 1 leaves them as they are, less makes them less certain.
  public let scale: Double
  /// What is added to the logarithm of the first choice.
  public let bias: Double

  /// No calibration.
  public static let none = ChoiceCalibration(scale: 1, bias: 0)

  /// A calibration from its numbers.
  public init(scale: Double, bias: Double) {
    self.scale = scale
    self.bias = bias
  }

  /// Reads `0.8:-0.25`.
  ///
  /// - Throws: `option.value` for any text but two numbers joined by a colon, the first not negative.
  public init(text: String) throws(Failure) {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2, let scale = Double(parts[0]), let bias = Double(parts[1]),
      (0...1000).contains(scale), abs(bias) <= 1000
    else {
      throw Failure(
        .usage, code: .optionValue, "“\(text)” is no calibration of choices",
        remedy: "Give the two numbers that illava eval --calibrate prints, such as 0.8:-0.25.")
    }
    self.init(scale: scale, bias: bias)
  }

  /// Its numbers, joined by a colon.
  public var text: String {
    "\(PlainValue.number(scale).written):\(PlainValue.number(bias).written)"
  }
}

extension ChoiceCalibration: OptionValue {
  /// The text itself.
  public static func plain(of text: String) -> PlainValue? { .text(text) }

  /// Reads `0.8:-0.25`.
  public init?(_ plain: PlainValue) throws(Failure) {
    guard case .text(let text) = plain else { return nil }
    try self.init(text: text)
  }

  /// Its numbers.
  public var plain: PlainValue { .text(text) }
}
