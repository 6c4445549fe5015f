/// A command as swift-argument-parser describes it with `--experimental-dump-help`; as much of it as a
/// manual page says.
public struct CommandDescription: Codable, Sendable {
  /// An option, a flag or a word that is given to a command.
  public struct Argument: Codable, Sendable {
    /// What kind it is.
    public enum Kind: String, Codable, Sendable {
      case positional, option, flag
    }

    /// What an option or a flag is called.
    public struct Name: Codable, Sendable {
      /// `long`, `short` or `longWithSingleDash`.
      public var kind: String
      /// Without dashes.
      public var name: String
    }

    /// What kind it is.
    public var kind: Kind
    /// Whether it is left out of the help.
    public var shouldDisplay: Bool
    /// Whether it need not be given.
    public var isOptional: Bool
    /// Whether it may be given several times.
    public var isRepeating: Bool
    /// The section of the help that it stands in.
    public var sectionTitle: String?
    /// All its names.
    public var names: [Name]?
    /// What its value is called.
    public var valueName: String?
    /// Its value if none is given.
    public var defaultValue: String?
    /// All values it may have, where they are few.
    public var allValues: [String]?
    /// What it is about, in a line.
    public var abstract: String?
    /// More about it.
    public var discussion: String?
  }

  /// The whole of a dump.
  public struct Dump: Codable, Sendable {
    /// The program.
    public var command: CommandDescription
  }

  /// Its name below the command it belongs to.
  public var commandName: String
  /// What it does, in a line.
  public var abstract: String?
  /// More about it.
  public var discussion: String?
  /// Whether it is left out of the help.
  public var shouldDisplay: Bool
  /// What it is given.
  public var arguments: [Argument]?
  /// The commands below it.
  public var subcommands: [CommandDescription]?
}
