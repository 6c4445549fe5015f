import Media
import Options

/// What a model is asked: images and videos, then a text, maybe after earlier questions about them.
public struct Question: Sendable {
  /// Images and videos, in the order of the prompt.
  public var visuals: [Visual]
  /// The earlier questions with their answers, in order. The images and videos belong to the first.
  public var turns: [Turn] = []
  /// The user's text; never read as special tokens.
  public var text: String
  /// The system turn's text, if the prompt has one; never read as special tokens.
  public var system: String?
  /// What may be chosen about the prompt's form.
  public var choices = PromptChoices()
  /// The order of the visuals in the prompt, by index; `nil` for their own.
  var order: [Int]?

  /// A question from its parts.
  public init(
    visuals: [Visual], text: String, system: String? = nil, turns: [Turn] = [],
    choices: PromptChoices = PromptChoices()
  ) {
    self.choices = choices
    self.visuals = visuals
    self.text = text
    self.system = system
    self.turns = turns
  }

  /// All views of all visuals, in order.
  public var segments: [Segment] {
    (order ?? Array(visuals.indices)).flatMap { source in
      let visual = visuals[source]
      return visual.layout.views.map {
        Segment(source: source, isVideo: visual.kind == .video, view: $0)
      }
    }
  }

  /// The question with its images before its videos.
  var imagesFirst: Question {
    var question = self
    let images = visuals.indices.filter { visuals[$0].kind == .image }
    question.order = images + visuals.indices.filter { visuals[$0].kind == .video }
    return question
  }
}
