import ArgumentParser
import Options

/// A precision by its name, or `auto`: the one that suits the model's file.
struct WeightChoice: ExpressibleByArgument, CustomStringConvertible {
  /// The precision; `nil` for `auto`.
  let precision: WeightPrecision?

  /// The one that suits the file.
  static let auto = WeightChoice(precision: nil)

  private static let autoName = "auto"

  private init(precision: WeightPrecision?) { self.precision = precision }

  init?(argument: String) {
    guard argument != Self.autoName else {
      self = .auto
      return
    }
    guard let precision = WeightPrecision(rawValue: argument) else { return nil }
    self.init(precision: precision)
  }

  static var allValueStrings: [String] { [autoName] + WeightPrecision.allCases.map(\.rawValue) }

  var description: String { precision?.rawValue ?? Self.autoName }
  var defaultValueDescription: String { description }
}

extension WeightPrecision: ExpressibleByArgument {}
