/// A model in GGUF files: the language model's, those of the image encoder, and what they are in terms of a
/// Hugging Face folder.
public struct GGUFModel: Sendable {
  /// The files of the language model, which have the tokenizer.
  public let text: GGUFFiles
  /// The files of the image encoder (`mmproj`); `nil` where the language model's hold it.
  public let projector: GGUFFiles?
  /// The files and tensors of a Hugging Face folder.
  public let translation: GGUFTranslation

  /// A model from its parts.
  public init(text: GGUFFiles, projector: GGUFFiles?, translation: GGUFTranslation) {
    self.text = text
    self.projector = projector
    self.translation = translation
  }

  /// All files.
  public var files: [GGUFFile] { text.files + (projector?.files ?? []) }

  /// The path of a file beside that of the language model, with this ending instead of its own.
  func path(ending: String) -> String {
    let path = text.path
    return (path.isGGUF ? String(path.dropLast(5)) : path) + "." + ending
  }
}
