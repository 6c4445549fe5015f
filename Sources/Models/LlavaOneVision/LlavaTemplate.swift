/// The two chat templates of the published models. In both, images come first, then videos, then the text.
enum LlavaTemplate: Sendable, Equatable {
  /// That of the models whose names have `ov`: a space after the role, a line break before the text, and
  /// nothing between images or between turns.
  case oneVision
  /// That of other models: line breaks after the role, after every image and video, and after a turn.
  case lines

  /// Recognizes a Jinja template; `nil` for one that is neither.
  init?(_ template: String) {
    let text = template.filter { !$0.isWhitespace || $0 == " " }.replacing("\"", with: "'")
    let isLines = text.contains("message['role']+'\\n'") || text.contains("message['role'] + '\\n'")
    let isSpaced = text.contains("message['role'] + ' '") || text.contains("message['role']+' '")
    let breaksImages = text.contains("'<image>\\n'")
    let joinsImages = text.contains("'<image>'")
    switch (isLines, isSpaced, breaksImages, joinsImages) {
    case (false, true, false, true): self = .oneVision
    case (true, false, true, false): self = .lines
    default: return nil
    }
  }

  /// What follows the role.
  var afterRole: String { self == .oneVision ? " " : "\n" }
  /// What follows an image or a video.
  var afterVisual: String { self == .oneVision ? "" : "\n" }
  /// What stands before a turn's text.
  var beforeText: String { self == .oneVision ? "\n" : "" }
  /// What follows the end of a turn.
  var afterTurn: String { self == .oneVision ? "" : "\n" }
}
