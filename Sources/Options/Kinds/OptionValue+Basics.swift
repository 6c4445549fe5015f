extension String: OptionValue {
  /// The text itself.
  public static func plain(of text: String) -> PlainValue? { .text(text) }

  /// The text.
  public init?(_ plain: PlainValue) {
    guard case .text(let text) = plain else { return nil }
    self = text
  }

  /// The text.
  public var plain: PlainValue { .text(self) }
}

extension Int: OptionValue {
  /// The number in decimal digits.
  public static func plain(of text: String) -> PlainValue? { Int(text).map { .integer($0) } }

  /// The whole number.
  public init?(_ plain: PlainValue) {
    guard case .integer(let number) = plain else { return nil }
    self = number
  }

  /// The whole number.
  public var plain: PlainValue { .integer(self) }
}

extension Double: OptionValue {
  /// The number in decimal digits.
  public static func plain(of text: String) -> PlainValue? { Double(text).map { .number($0) } }

  /// The number.
  public init?(_ plain: PlainValue) {
    switch plain {
    case .integer(let number): self = Double(number)
    case .number(let number): self = number
    default: return nil
    }
  }

  /// The number.
  public var plain: PlainValue { .number(self) }
}

extension Bool: OptionValue {
  /// `true` or `false`.
  public static func plain(of text: String) -> PlainValue? { Bool(text).map { .flag($0) } }

  /// The flag.
  public init?(_ plain: PlainValue) {
    guard case .flag(let flag) = plain else { return nil }
    self = flag
  }

  /// The flag.
  public var plain: PlainValue { .flag(self) }
}

extension [String]: OptionValue {
  /// A list of the text alone; on a command line, an option of several texts is given several times.
  public static func plain(of text: String) -> PlainValue? { .texts([text]) }

  /// The texts.
  public init?(_ plain: PlainValue) {
    guard case .texts(let texts) = plain else { return nil }
    self = texts
  }

  /// The texts.
  public var plain: PlainValue { .texts(self) }
}
