// Codes about answers of a given form: choices, JSON Schemas and regular expressions.
extension FailureCode {
  /// The choices are empty, too many, too long or not different from each other.
  public static let grammarChoices = FailureCode(rawValue: "grammar.choices")
  /// No text has the form that was asked for.
  public static let grammarEmpty = FailureCode(rawValue: "grammar.empty")
  /// A regular expression is written wrongly.
  public static let grammarRegex = FailureCode(rawValue: "grammar.regex")
  /// A schema is no JSON, or a member has a value that it cannot have.
  public static let grammarSchema = FailureCode(rawValue: "grammar.schema")
  /// The form is nested too deep or takes too much memory or time.
  public static let grammarTooLarge = FailureCode(rawValue: "grammar.too-large")
  /// A schema or a regular expression has a part that is not supported.
  public static let grammarUnsupported = FailureCode(rawValue: "grammar.unsupported")

  /// All codes of this area.
  static let grammarCodes: [FailureCode] = [
    .grammarChoices, .grammarEmpty, .grammarRegex, .grammarSchema, .grammarTooLarge,
    .grammarUnsupported,
  ]
}
