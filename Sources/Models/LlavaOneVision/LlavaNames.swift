/// The names of tensors in the layouts of folders.
enum LlavaNames {
  /// The prefix of the image encoder.
  static let vision = "vision_tower.vision_model."
  /// The prefix of the projector.
  static let projector = "multi_modal_projector."
  /// The embedding of a newline.
  static let newline = "image_newline"

  /// The name of a tensor in the files: that of the published -hf folders; that of Transformers 4.52 and
  /// later, which put all parts but the output layer under `model.`; or that of later versions, whose image
  /// encoder has a shorter prefix.
  static func stored(_ published: String, _ files: ModelFiles) -> String {
    if files.hasTensor(published) { return published }
    let (language, output) = ("language_model.model.", "language_model.lm_head.")
    var names: [String] = []
    if published.hasPrefix(language) {
      names.append("model.language_model." + published.dropFirst(language.count))
    } else if published.hasPrefix(output) {
      names.append("lm_head." + published.dropFirst(output.count))
    } else {
      names.append("model." + published)
    }
    if published.hasPrefix(vision) {
      let short = "vision_tower." + published.dropFirst(vision.count)
      names += [short, "model." + short]
    }
    return names.first(where: files.hasTensor) ?? published
  }
}
