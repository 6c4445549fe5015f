import ArgumentParser
import Options

/// The text given for an option, if it is of the option's kind.
struct OptionText<Value: OptionValue>: ExpressibleByArgument {
  /// The text; `nil` where none was given.
  let text: String?
  /// The default, for the help.
  let defaultValueDescription: String

  /// No text given.
  init(standard: String) {
    text = nil
    defaultValueDescription = standard
  }

  /// Takes a text of the option's kind; the range is checked when the options are read.
  init?(argument: String) {
    guard Value.plain(of: argument) != nil else { return nil }
    text = argument
    defaultValueDescription = argument
  }

  static var allValueStrings: [String] { Value.names }

  static var defaultCompletionKind: CompletionKind {
    Value.names.isEmpty ? .default : .list(Value.names)
  }
}
