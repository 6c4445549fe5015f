/// An option of a question: what it is called everywhere, and what it may be.
public struct OptionKey<Value: OptionValue>: QuestionOption {
  /// Its name in job files and TOML.
  public let name: String
  /// What it is about.
  public let topic: OptionTopic
  /// What it may be.
  public let kind: OptionKind
  /// What holds where nobody chooses, in words.
  public let standard: String
  /// What its value is called on the command line.
  public let valueName: String?
  /// One sentence about it.
  public let help: String
  /// More about it.
  public let discussion: String?
  /// What cannot be chosen beside it.
  public let exclusion: OptionExclusion

  /// An option.
  ///
  /// - Parameters:
  ///   - name: in job files and TOML.
  ///   - standard: what holds where nobody chooses, in words.
  ///   - help: one sentence about it.
  ///   - valueName: what its value is called on the command line; `nil` for the option's own name.
  ///   - discussion: more about it, for those who ask.
  init(
    _ name: String, _ topic: OptionTopic, _ kind: OptionKind, standard: String = "",
    valueName: String? = nil, _ help: String, discussion: String? = nil,
    excludes exclusion: OptionExclusion = .nothing
  ) {
    self.name = name
    self.topic = topic
    self.kind = kind
    self.standard = standard
    self.valueName = valueName
    self.help = help
    self.discussion = discussion
    self.exclusion = exclusion
  }

  /// An option that is one of a few names.
  init(
    _ name: String, _ topic: OptionTopic, standard: String = "", _ help: String,
    discussion: String? = nil
  ) where Value: CaseIterable & RawRepresentable<String> {
    self.init(
      name, topic, .choice(Value.names), standard: standard, help, discussion: discussion)
  }
}
