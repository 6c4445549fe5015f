import Diagnostics

/// A type of which an option's value can be.
public protocol OptionValue: Sendable, Equatable {
  /// All values, where they are few and have names; else empty.
  static var names: [String] { get }

  /// The value that text on a command line stands for, or `nil` where it is of another kind.
  static func plain(of text: String) -> PlainValue?

  /// The value of a plain one, or `nil` where that is of another kind.
  ///
  /// - Throws: what is wrong with a value of the right kind.
  init?(_ plain: PlainValue) throws(Failure)

  /// The value as files have it.
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
