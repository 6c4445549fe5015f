import Compute
import Diagnostics
import Merging
import Tokenizer

/// InternVL 2.5 and 3 of any size with Qwen2 or Llama as the language model (HF
/// `InternVLForConditionalGeneration`, OpenGVLab's `InternVLChatModel`).
struct InternVL: BlockModel {
  static let family = ModelFamily(
    "InternVL",
    modelTypes: [
      InternVLConfiguration.Layout.transformers.rawValue,
      InternVLConfiguration.Layout.original.rawValue,
    ], open: open)

  let shape: ModelShape
  let assets: ModelAssets

  let vision: VisionEncoder
  let text: TextModel

  private let processor: InternVLProcessor

  private static func open(
    _ files: ModelFiles, _ weights: MeasuredWeights, _ options: ModelOptions
  ) throws(Failure) -> any VisionLanguageModel {
    try InternVL(files, weights, options)
  }

  private init(
    _ files: ModelFiles, _ weights: MeasuredWeights, _ options: ModelOptions
  ) throws(Failure) {
    let configuration = try InternVLConfiguration.parse(files.configuration, file: files.path)
    shape = configuration.shape
    let beside = try InternVLFiles(configuration, files)
    let tokenizer = try files.tokenizer(special: beside.special(configuration))
    processor = try InternVLProcessor(configuration, beside, tokenizer: tokenizer)
    let source = RenamedWeights(source: weights) { InternVLNames.stored($0, files) }
    vision = try VisionEncoder(internVL: configuration, beside, options: options, from: source)
    var names = TextModel.Names(prefix: "language_model.model.")
    names.output = "language_model.lm_head.weight"
    // Where only the outer part of the file speaks of sharing, Transformers does not listen to it; a folder
    // without an output layer can only mean it.
    let hasOutput = files.hasTensor(InternVLNames.stored(names.output, files))
    text = try TextModel(
      shape.text, names,
      TextLayer.Choices(
        epsilon: configuration.text.epsilon, hasBiases: configuration.text.hasBiases,
        hasHeadNorms: false),
      tiesEmbeddings: configuration.text.tiesEmbeddings
        ?? ((configuration.tiesEmbeddings ?? false) && !hasOutput),
      rotary: TextRotary(
        headSize: shape.text.headSize, base: configuration.text.ropeTheta, axes: .plain),
      options: options, from: source)
    let stopTokens = try files.stopTokens()
    assets = ModelAssets(
      tokenizer: tokenizer,
      stopTokens: stopTokens.isEmpty
        ? Set([tokenizer.id(ofSpecial: "<|im_end|>")].compactMap(\.self)) : stopTokens,
      sampling: beside.sampling,
      weights: weights.account(
        vision: vision.products, text: text.products, bytesPerToken: text.bytesPerToken,
        cacheType: text.cacheType),
      notes: files.notes)
  }

  func layout(of media: MediaShape, maxPixels: Int?) throws(Failure) -> MediaLayout {
    processor.layout(of: media, maxPixels: maxPixels)
  }

  func prompt(_ question: Question) throws(Failure) -> Prompt { try processor.prompt(question) }
}
