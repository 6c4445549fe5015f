import Compute
import Diagnostics
import Grounding
import Merging
import Tokenizer

/// InternVL 2.5 and 3 of any size with Qwen2, Llama or InternLM2 as the language model (HF
/// `InternVLForConditionalGeneration`, OpenGVLab's `InternVLChatModel`).
struct InternVL: BlockModel {
  static let family = ModelFamily(
    "InternVL",
    modelTypes: [
      InternVLConfiguration.Layout.transformers.rawValue,
      InternVLConfiguration.Layout.original.rawValue,
    ], gguf: gguf, arrange: arrange, open: open)

  let shape: ModelShape
  let assets: ModelAssets

  let vision: VisionEncoder
  let text: TextModel

  private let processor: InternVLProcessor

  private static func arrange(
    _ files: ModelFiles, _ source: any WeightSource, _ isFilled: Bool
  ) throws(Failure) -> any WeightSource {
    let language = try InternVLConfiguration.parse(files.configuration, file: files.path).text
    guard language.model == .internlm2, !files.hasTensor(InternLM2Weights.embedding) else {
      return source
    }
    return InternLM2Weights(source: source, language: language, isFilled: isFilled)
  }

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
    text = try TextModel(
      shape.text, configuration.text, tiesEmbeddings: configuration.tiesEmbeddings,
      hasOutput: files.hasTensor(InternVLNames.stored(TextModel.Names.plain.output, files))
        || files.hasTensor(InternLM2Weights.output),
      options: options, from: source)
    assets = try ModelAssets(
      files, tokenizer: tokenizer, sampling: beside.sampling, weights: weights, vision: vision,
      text: text, boxCoordinates: .thousandths)
  }

  func layout(of media: MediaShape, maxPixels: Int?) throws(Failure) -> MediaLayout {
    processor.layout(of: media, maxPixels: maxPixels)
  }

  func prompt(_ question: Question) throws(Failure) -> Prompt { try processor.prompt(question) }
}
