/// A command as swift-argument-parser describes it with `--experimental-dump-help`, limited to the parts
/// that a manual page shows.
public struct CommandDescription: Codable, Sendable {
  /// An option, a flag or a positional argument of a command.
  public struct Argument: Codable, Sendable {
    /// The kind of argument.
    public enum Kind: String, Codable, Sendable {
      case positional, option, flag
    }

    /// A name of an option or a flag.
    public struct Name: Codable, Sendable {
      /// `long`, `short` or `longWithSingleDash`.
      public var kind: String
      /// The name without dashes.
      public var name: String
    }

    /// The kind of argument.
    public var kind: Kind
    /// Whether it is left out of the help.
    public var shouldDisplay: Bool
    /// Whether it need not be given.
    public var isOptional: Bool
    /// Whether it may be given several times.
    public var isRepeating: Bool
    /// The section of the help with this argument.
    public var sectionTitle: String?
    /// All its names.
    public var names: [Name]?
    /// The name of its value.
    public var valueName: String?
    /// The default value.
    public var defaultValue: String?
    /// All possible values, where they are few.
    public var allValues: [String]?
    /// A one-line description.
    public var abstract: String?
    /// A longer description.
    public var discussion: String?
  }

  /// A whole dump.
  public struct Dump: Codable, Sendable {
    /// The program's command.
    public var command: CommandDescription
  }

  /// The name of the command, without those of its parents.
  public var commandName: String
  /// A one-line description.
  public var abstract: String?
  /// A longer description.
  public var discussion: String?
  /// Whether it is left out of the help.
  public var shouldDisplay: Bool
  /// The arguments.
  public var arguments: [Argument]?
  /// The subcommands.
  public var subcommands: [CommandDescription]?
}
