/// A value of a TOML document and its line.
public struct TOMLValue: Sendable, Equatable {
  /// The content of the value.
  public enum Content: Sendable, Equatable {
    /// Text in quotes.
    case text(String)
    /// A whole number.
    case integer(Int)
    /// Any other number, `inf` and `nan` among them.
    case number(Double)
    /// `true` or `false`.
    case flag(Bool)
    /// A date, a time of day, or both, as it is written.
    case time(String)
    /// Values between square brackets, or the tables of `[[name]]`.
    case array([TOMLValue])
    /// Names and their values.
    case table(TOMLTable)
  }

  /// The content of the value.
  public let content: Content
  /// The line, from 1, of its key or, for a table, of its heading.
  public let line: Int
}
