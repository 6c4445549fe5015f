import Media

/// A picture of the report.
public struct MergePicture: Sendable {
  /// What it shows.
  public enum Content: String, Sendable {
    /// A source as the model saw it.
    case original
    /// Boxes and points that the answer names.
    case boxes
    /// The groups left after all layers.
    case final
    /// The groups that were computed for each pair of frames of a film.
    case computed
    /// Every merging layer from left to right.
    case layers
    /// The scores of the first merging layers.
    case scores
    /// The groups left after one merging layer, or its scores.
    case layer
  }

  /// The file's name; `nil` for a picture that is only for the page.
  public let name: String?
  /// What the picture shows.
  public let content: Content
  /// What the picture shows, in a sentence.
  public let caption: String
  /// The index of the source.
  public let source: Int
  /// The pixels.
  public let image: RGBImage
  /// Characters of labels that the font lacks; empty unless a label is wrong.
  let missingCharacters: Set<Character>

  init(_ name: String?, _ content: Content, _ caption: String, source: Int, _ canvas: Canvas) {
    self.name = name
    self.content = content
    self.caption = caption
    self.source = source
    image = canvas.image
    missingCharacters = canvas.missingCharacters
  }
}
