import ArgumentParser
import Options

/// The text that was given for an option, so far as it is of the option's kind.
struct OptionText<Value: OptionValue>: ExpressibleByArgument {
  /// The text; `nil` where none was given.
  let text: String?
  /// What holds then, for the help.
  let defaultValueDescription: String

  /// Nothing was given.
  init(standard: String) {
    text = nil
    defaultValueDescription = standard
  }

  /// Takes text that can be a value; its range is looked at when the options are read.
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
