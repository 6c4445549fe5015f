/// A value of a TOML document and the line it stands in.
public struct TOMLValue: Sendable, Equatable {
  /// What it is.
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

  /// What it is.
  public let content: Content
  /// The line, from 1, in which its key or, for a table, its heading stands.
  public let line: Int
}
