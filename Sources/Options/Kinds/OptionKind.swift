/// What kind of value an option or a setting has, and within which range.
public enum OptionKind: Sendable, Equatable {
  case text
  case flag
  case integer(ClosedRange<Int>)
  case number(ClosedRange<Double>)
  case choice([String])

  /// The value if it is of this kind and within the range; a whole number is a number, too.
  public func fitting(_ value: PlainValue) -> PlainValue? {
    let value = converted(value)
    switch (self, value) {
    case (.text, .text), (.flag, .flag): return value
    case (.integer(let range), .integer(let number)) where range.contains(number): return value
    case (.number(let range), .number(let number)) where range.contains(number): return value
    case (.choice(let names), .text(let name)) where names.contains(name): return value
    default: return nil
    }
  }

  /// The value, as a number where it is a whole number and this kind has any.
  func converted(_ value: PlainValue) -> PlainValue {
    if case .number = self, case .integer(let number) = value { return .number(Double(number)) }
    return value
  }

  /// What has to be given, for messages.
  public var wanted: String {
    switch self {
    case .text: "text in quotes"
    case .flag: "true or false"
    case .integer(let range):
      range.upperBound == .max
        ? "a whole number from \(range.lowerBound)"
        : "a whole number from \(range.lowerBound) to \(range.upperBound)"
    case .number(let range):
      "a number from \(PlainValue.number(range.lowerBound).written) to "
        + PlainValue.number(range.upperBound).written
    case .choice(let names): names.map { "\"\($0)\"" }.joined(separator: ", ")
    }
  }
}
