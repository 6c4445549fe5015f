import Diagnostics

/// A form that answers can be bound to, compiled once: the values of a JSON Schema or the texts of a
/// regular expression.
public struct Grammar: Sendable {
  let program: Program

  /// The JSON values that are valid by a schema of draft 2020-12, each on one line with a space after
  /// commas and colons.
  ///
  /// - Throws: `grammar.schema` for what is no schema, `grammar.unsupported` with the place of what is
  ///   not supported, `grammar.too-large`, and `grammar.empty` where no value is valid.
  public static func schema(_ text: String) throws(Failure) -> Grammar {
    Grammar(program: try SchemaCompiler.program(text))
  }

  /// The same, with any members in objects whose schema does not say that there are no others, as the
  /// standard has it.
  ///
  /// - Throws: as `schema`.
  public static func openSchema(_ text: String) throws(Failure) -> Grammar {
    Grammar(program: try SchemaCompiler.program(text, otherMembers: .any))
  }

  /// The texts that fit a regular expression from beginning to end.
  ///
  /// - Throws: `grammar.regex` for what is written wrongly, `grammar.unsupported`, `grammar.too-large`,
  ///   and `grammar.empty` where no text fits.
  public static func regex(_ text: String) throws(Failure) -> Grammar {
    Grammar(program: try RegexCompiler.program(text))
  }
}
