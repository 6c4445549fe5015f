import Diagnostics

/// What was chosen for a question; what is `nil` is left to the engine.
///
/// Members are found by the names of the table: `options.visionRetention`.
@dynamicMemberLookup
public struct QuestionOptions: Sendable, Equatable {
  private var values: [String: PlainValue] = [:]

  /// Nothing is chosen.
  public init() {}

  /// What was chosen for an option of the table; `nil` for a value that it cannot have, too.
  public subscript<Value>(
    dynamicMember path: KeyPath<OptionTable, OptionKey<Value>>
  ) -> Value? {
    get { try? value(path) }
    set { values[OptionTable.shared[keyPath: path].name] = newValue?.plain }
  }

  /// What was chosen for an option, as files have it.
  public subscript(option: any QuestionOption) -> PlainValue? {
    get { values[option.name] }
    set { values[option.name] = newValue }
  }

  /// What was chosen for an option of the table.
  ///
  /// - Throws: `usage` for a value that the option cannot have.
  public func value<Value>(
    _ path: KeyPath<OptionTable, OptionKey<Value>>
  ) throws(Failure) -> Value? {
    let option = OptionTable.shared[keyPath: path]
    guard let plain = values[option.name] else { return nil }
    return try Value(try option.checked(plain))
  }

  /// What was chosen, in the order of the table.
  public var chosen: [(option: any QuestionOption, value: PlainValue)] {
    OptionTable.all.compactMap { option in values[option.name].map { (option, $0) } }
  }

  /// These options, and for what they leave open those of `other`.
  public func filled(from other: QuestionOptions) -> QuestionOptions {
    var result = self
    let own = chosen.map(\.option)
    for (option, value) in other.chosen where values[option.name] == nil {
      if !own.contains(where: { $0.excludes(option) }) { result[option] = value }
    }
    return result
  }

  /// Two options that were chosen and cannot be at once, if there are any.
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

  /// Reads the members of the table; others are passed over.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Name.self)
    for option in OptionTable.all {
      let name = Name(option.name)
      self[option] =
        switch option.kind {
        case .text, .choice: try container.decodeIfPresent(String.self, forKey: name)?.plain
        case .flag: try container.decodeIfPresent(Bool.self, forKey: name)?.plain
        case .integer: try container.decodeIfPresent(Int.self, forKey: name)?.plain
        case .number: try container.decodeIfPresent(Double.self, forKey: name)?.plain
        }
    }
  }

  /// Writes what was chosen.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Name.self)
    for (option, value) in chosen {
      let name = Name(option.name)
      switch value {
      case .text(let text): try container.encode(text, forKey: name)
      case .flag(let flag): try container.encode(flag, forKey: name)
      case .integer(let number): try container.encode(number, forKey: name)
      case .number(let number): try container.encode(number, forKey: name)
      }
    }
  }
}
