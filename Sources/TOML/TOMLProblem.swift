/// What keeps a text from being a TOML document, and where.
public struct TOMLProblem: Error, Sendable, Equatable {
  /// The line, from 1.
  public let line: Int
  /// The column, from 1, in characters.
  public let column: Int
  /// What is wrong there, such as `a text has no end`.
  public let message: String
}
