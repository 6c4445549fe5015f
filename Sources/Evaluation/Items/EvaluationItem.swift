import FoundationEssentials

/// One question of a data set and its accepted answers.
public struct EvaluationItem: Sendable, Equatable {
  /// How an answer is read and judged.
  public enum Form: Sendable, Equatable {
    /// One of several lettered options.
    case choice([Option])
    /// Yes or no.
    case yesNo
    /// Any words.
    case open
  }

  /// A lettered option.
  public struct Option: Sendable, Equatable {
    /// `A`, `B`, …
    public let letter: String
    /// What it says.
    public let text: String

    /// An option from its parts.
    public init(letter: String, text: String) {
      self.letter = letter
      self.text = text
    }
  }

  /// An image or video of a question.
  public enum MediaReference: Sendable, Equatable {
    /// A file by its path.
    case file(String)
    /// A file's bytes in base64.
    case base64(Data)
  }

  /// The row's own name: its `index`, or its number.
  public let id: String
  /// The images and videos of the question, in order.
  public let media: [MediaReference]
  /// The text of the question.
  public let question: String
  /// Text before the question, if any.
  public let hint: String?
  /// How the answer is judged.
  public let form: Form
  /// Accepted answers; the letter for a choice.
  public let accepted: [String]
  /// The skill that the question tests, if the data set names one.
  public let skill: String?

  /// An item from its parts.
  public init(
    id: String, media: [MediaReference], question: String, hint: String? = nil, form: Form,
    accepted: [String], skill: String? = nil
  ) {
    self.id = id
    self.media = media
    self.question = question
    self.hint = hint
    self.form = form
    self.accepted = accepted
    self.skill = skill
  }

  /// The prompt for the model; options are listed as in VLMEvalKit.
  public var prompt: String {
    guard case .choice(let options) = form else {
      return hint.map { "\($0)\n\(question)" } ?? question
    }
    let lines = options.map { "\($0.letter). \($0.text)\n" }.joined()
    return (hint.map { "Hint: \($0)\n" } ?? "") + "Question: \(question)\nOptions:\n\(lines)"
      + "Please select the correct answer from the options above.\n"
  }
}
