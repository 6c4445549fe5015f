import Options

/// Which options of the table a command takes.
public protocol OptionSelection {
  /// The options, in the order of the help.
  static var options: [any QuestionOption] { get }
}
