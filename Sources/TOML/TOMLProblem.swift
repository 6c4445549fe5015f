/// An error in a TOML document, and its place.
public struct TOMLProblem: Error, Sendable, Equatable {
  /// The line, from 1.
  public let line: Int
  /// The column, from 1, in characters.
  public let column: Int
  /// The error, such as `a text has no end`.
  public let message: String
}
