/// An option of a question: its names, its kind, and its description.
public struct OptionKey<Value: OptionValue>: QuestionOption {
  /// The name in job files and TOML.
  public let name: String
  /// The topic.
  public let topic: OptionTopic
  /// The kind of the value.
  public let kind: OptionKind
  /// The default, in words.
  public let standard: String
  /// The name of the value on the command line.
  public let valueName: String?
  /// The command-line name without hyphens where it does not follow from the name.
  public let argumentName: String?
  /// A one-sentence description.
  public let help: String
  /// A longer description.
  public let discussion: String?
  /// The options it cannot be combined with.
  public let exclusion: OptionExclusion

  /// An option.
  ///
  /// - Parameters:
  ///   - name: the name in job files and TOML.
  ///   - standard: the default, in words.
  ///   - help: a one-sentence description.
  ///   - valueName: the name of its value on the command line; `nil` for the option's own name.
  ///   - argumentName: its command-line name where that does not follow from `name`.
  ///   - discussion: a longer description, for the option's help page.
  init(
    _ name: String, _ topic: OptionTopic, _ kind: OptionKind, standard: String = "",
    valueName: String? = nil, argumentName: String? = nil, _ help: String,
    discussion: String? = nil,
    excludes exclusion: OptionExclusion = .nothing
  ) {
    self.name = name
    self.topic = topic
    self.kind = kind
    self.standard = standard
    self.valueName = valueName
    self.argumentName = argumentName
    self.help = help
    self.discussion = discussion
    self.exclusion = exclusion
  }

  /// An option whose value is one of a few names.
  init(
    _ name: String, _ topic: OptionTopic, standard: String = "", _ help: String,
    discussion: String? = nil
  ) where Value: CaseIterable & RawRepresentable<String> {
    self.init(
      name, topic, .choice(Value.names), standard: standard, help, discussion: discussion)
  }
}
