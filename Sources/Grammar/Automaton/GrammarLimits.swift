/// Bounds that keep a form from outside from taking the machine's memory or time.
enum GrammarLimits {
  /// Bytes of a schema or an expression.
  static let textBytes = 1 << 18
  /// Levels of nested arrays, objects and schemas, and of groups of an expression.
  static let depth = 100
  /// Instructions of all rules.
  static let instructions = 250_000
  /// The largest bound of a repetition, a length or a number of elements.
  static let repetition = 1 << 16
  /// Bytes of a member's name that others have to differ from.
  static let nameBytes = 200
  /// Rules that wait for their end, such as the arrays and objects that are open.
  static let openRules = 300
  /// Places of the program in one state.
  static let places = 4096
  /// Places that may be visited for one set of allowed tokens: about a second's work.
  static let work = 20_000_000
  /// States that are kept.
  static let states = 20_000
}
