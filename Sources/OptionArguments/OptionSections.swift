import Options

/// The options of each topic, as sections of a command's help.
public enum OptionSections {
  /// Options of the question itself, and of the length of the answer.
  public enum Question: OptionSelection {
    /// The options of the topic.
    public static var options: [any QuestionOption] { OptionTable.options(of: .question) }
  }

  /// Options of the form of the answer.
  public enum Answer: OptionSelection {
    /// The options of the topic.
    public static var options: [any QuestionOption] { OptionTable.options(of: .answer) }
  }

  /// Options of the merging of visual tokens.
  public enum Merging: OptionSelection {
    /// The options of the topic.
    public static var options: [any QuestionOption] { OptionTable.options(of: .merging) }
  }

  /// Options of the size and number of images and frames.
  public enum Media: OptionSelection {
    /// The options of the topic.
    public static var options: [any QuestionOption] { OptionTable.options(of: .media) }
  }

  /// Options of the sampling of the answer's tokens.
  public enum Sampling: OptionSelection {
    /// The options of the topic.
    public static var options: [any QuestionOption] { OptionTable.options(of: .sampling) }
  }

  /// Options of how far a question may be reduced to fit into memory.
  public enum Memory: OptionSelection {
    /// The options of the topic.
    public static var options: [any QuestionOption] { OptionTable.options(of: .memory) }
  }
}
