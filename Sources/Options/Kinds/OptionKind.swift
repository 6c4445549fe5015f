/// The type of an option's or a setting's value, and its range.
public enum OptionKind: Sendable, Equatable {
  case text
  case flag
  /// Several texts.
  case texts
  case integer(ClosedRange<Int>)
  case number(ClosedRange<Double>)
  case choice([String])

  /// The value if it is of this kind and in range; a whole number is also accepted as a number.
  public func fitting(_ value: PlainValue) -> PlainValue? {
    let value = converted(value)
    switch (self, value) {
    case (.text, .text), (.flag, .flag), (.texts, .texts): return value
    case (.integer(let range), .integer(let number)) where range.contains(number): return value
    case (.number(let range), .number(let number)) where range.contains(number): return value
    case (.choice(let names), .text(let name)) where names.contains(name): return value
    default: return nil
    }
  }

  /// The value as a `Double` where this kind is a number and the value a whole number.
  func converted(_ value: PlainValue) -> PlainValue {
    if case .number = self, case .integer(let number) = value { return .number(Double(number)) }
    return value
  }

  /// The expected value in words, for messages.
  public var wanted: String {
    switch self {
    case .text: "text in quotes"
    case .flag: "true or false"
    case .texts: "a list of texts"
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
