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
  /// Places that may be visited for one set of allowed tokens: half a second's work where each is in a
  /// stack of its own.
  static let work = 4_000_000
  /// Bytes of tokens that count as short: where more than these can be read, no short token tells how
  /// often something may still be repeated.
  static let shortTokenBytes = 32
  /// States that are kept.
  static let states = 20_000
  /// Sets of places in all states that are kept: 16 MB.
  static let members = 2_000_000
}
