import Options

/// The options of each topic, as sections of a command's help.
public enum OptionSections {
  /// What is asked, and how long the answer may be.
  public enum Question: OptionSelection {
    /// The options of the topic.
    public static var options: [any QuestionOption] { OptionTable.options(of: .question) }
  }

  /// How visual tokens are merged.
  public enum Merging: OptionSelection {
    /// The options of the topic.
    public static var options: [any QuestionOption] { OptionTable.options(of: .merging) }
  }

  /// How pictures and videos are shown.
  public enum Media: OptionSelection {
    /// The options of the topic.
    public static var options: [any QuestionOption] { OptionTable.options(of: .media) }
  }

  /// How the tokens of the answer are chosen.
  public enum Sampling: OptionSelection {
    /// The options of the topic.
    public static var options: [any QuestionOption] { OptionTable.options(of: .sampling) }
  }

  /// How far a question may be cut down to fit into memory.
  public enum Memory: OptionSelection {
    /// The options of the topic.
    public static var options: [any QuestionOption] { OptionTable.options(of: .memory) }
  }
}
