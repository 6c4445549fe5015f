import Diagnostics

/// A type that an option's value can have.
public protocol OptionValue: Sendable, Equatable {
  /// The names of all values, for types with a few named values; otherwise empty.
  static var names: [String] { get }

  /// The plain value of a command-line text; `nil` where the text is of another kind.
  static func plain(of text: String) -> PlainValue?

  /// Creates the value from a plain one; `nil` where that is of another kind.
  ///
  /// - Throws: `Failure` for an invalid value of the right kind.
  init?(_ plain: PlainValue) throws(Failure)

  /// The plain value, as in files.
  var plain: PlainValue { get }
}

extension OptionValue {
  /// No names.
  public static var names: [String] { [] }
}

extension OptionValue where Self: RawRepresentable<String> & CaseIterable {
  /// The names of all cases.
  public static var names: [String] { allCases.map(\.rawValue) }

  /// The text if it is one of the names.
  public static func plain(of text: String) -> PlainValue? {
    Self(rawValue: text).map { .text($0.rawValue) }
  }

  /// The case of that name.
  public init?(_ plain: PlainValue) {
    guard case .text(let name) = plain else { return nil }
    self.init(rawValue: name)
  }

  /// Its name.
  public var plain: PlainValue { .text(rawValue) }
}
