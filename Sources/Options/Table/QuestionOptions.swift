import Diagnostics

/// The options chosen for a question; those that are `nil` are left to the engine.
///
/// Members have the names of the table's properties: `options.visionRetention`.
@dynamicMemberLookup
public struct QuestionOptions: Sendable, Equatable {
  private var values: [String: PlainValue] = [:]

  /// Nothing is chosen.
  public init() {}

  /// The chosen value of an option of the table; also `nil` for an invalid value.
  public subscript<Value>(
    dynamicMember path: KeyPath<OptionTable, OptionKey<Value>>
  ) -> Value? {
    get { try? value(path) }
    set { values[OptionTable.shared[keyPath: path].name] = newValue?.plain }
  }

  /// The chosen value of an option, as in files.
  public subscript(option: any QuestionOption) -> PlainValue? {
    get { values[option.name] }
    set { values[option.name] = newValue }
  }

  /// The chosen value of an option of the table.
  ///
  /// - Throws: `usage` for an invalid value.
  public func value<Value>(
    _ path: KeyPath<OptionTable, OptionKey<Value>>
  ) throws(Failure) -> Value? {
    let option = OptionTable.shared[keyPath: path]
    guard let plain = values[option.name] else { return nil }
    return try Value(try option.checked(plain))
  }

  /// The chosen options, in the order of the table.
  public var chosen: [(option: any QuestionOption, value: PlainValue)] {
    OptionTable.all.compactMap { option in values[option.name].map { (option, $0) } }
  }

  /// These options, with those of `other` where these are `nil`.
  public func filled(from other: QuestionOptions) -> QuestionOptions {
    var result = self
    let own = chosen.map(\.option)
    for (option, value) in other.chosen where values[option.name] == nil {
      if !own.contains(where: { $0.excludes(option) }) { result[option] = value }
    }
    return result
  }

  /// Two chosen options that cannot be combined, if there are any.
  public var conflict: (any QuestionOption, any QuestionOption)? {
    let all = chosen.map(\.option)
    for (index, option) in all.enumerated() {
      if let other = all.dropFirst(index + 1).first(where: { $0.excludes(option) }) {
        return (option, other)
      }
    }
    return nil
  }
}

extension QuestionOptions: Codable {
  private struct Name: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(_ name: String) { stringValue = name }
    init?(stringValue: String) { self.init(stringValue) }
    init?(intValue: Int) { nil }
  }

  /// Reads the members that the table knows; others are ignored.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Name.self)
    for option in OptionTable.all {
      let name = Name(option.name)
      self[option] =
        switch option.kind {
        case .text, .choice: try container.decodeIfPresent(String.self, forKey: name)?.plain
        case .flag: try container.decodeIfPresent(Bool.self, forKey: name)?.plain
        case .texts: try container.decodeIfPresent([String].self, forKey: name)?.plain
        case .integer: try container.decodeIfPresent(Int.self, forKey: name)?.plain
        case .number: try container.decodeIfPresent(Double.self, forKey: name)?.plain
        }
    }
  }

  /// Writes the chosen options.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Name.self)
    for (option, value) in chosen {
      let name = Name(option.name)
      switch value {
      case .text(let text): try container.encode(text, forKey: name)
      case .flag(let flag): try container.encode(flag, forKey: name)
      case .texts(let texts): try container.encode(texts, forKey: name)
      case .integer(let number): try container.encode(number, forKey: name)
      case .number(let number): try container.encode(number, forKey: name)
      }
    }
  }
}
