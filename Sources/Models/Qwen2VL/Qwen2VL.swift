import Compute
import Diagnostics
import Grounding
import Merging
import Tokenizer

/// Qwen2-VL and Qwen2.5-VL of any size (HF `Qwen2VLForConditionalGeneration`,
/// `Qwen2_5_VLForConditionalGeneration`).
struct Qwen2VL: BlockModel {
  /// Both families.
  static let families = [
    ModelFamily("Qwen2.5-VL", modelTypes: ["qwen2_5_vl"], gguf: gguf25, open: open),
    ModelFamily("Qwen2-VL", modelTypes: ["qwen2_vl"], gguf: gguf2, open: open),
  ]

  let shape: ModelShape
  let assets: ModelAssets

  let vision: VisionEncoder
  let text: TextModel

  private let processor: Qwen2VLProcessor

  private static func open(
    _ files: ModelFiles, _ weights: MeasuredWeights, _ options: ModelOptions
  ) throws(Failure) -> any VisionLanguageModel {
    try Qwen2VL(files, weights, options)
  }

  private init(
    _ files: ModelFiles, _ weights: MeasuredWeights, _ options: ModelOptions
  ) throws(Failure) {
    let configuration = try Qwen2VLConfiguration.parse(files.configuration, file: files.path)
    shape = configuration.shape
    let tokenizer = try files.tokenizer(special: configuration.specialTokens)
    processor = try Qwen2VLProcessor(configuration, files, tokenizer: tokenizer)
    let source = RenamedWeights(source: weights) { Self.storedName($0, files) }
    vision = try VisionEncoder(
      qwen2VL: configuration, images: processor.images, options: options, from: source)
    text = try TextModel(
      shape.text, TextModel.Names(prefix: "model."),
      TextLayer.Choices(epsilon: configuration.text.epsilon, hasBiases: true, hasHeadNorms: false),
      tiesEmbeddings: configuration.tiesEmbeddings,
      rotary: TextRotary(
        headSize: shape.text.headSize, base: configuration.text.ropeTheta,
        axes: .chunked(sections: configuration.text.ropeSections)),
      options: options, from: source)
    assets = try ModelAssets(
      files, tokenizer: tokenizer, sampling: processor.videos.sampling, weights: weights,
      vision: vision, text: text,
      boxCoordinates: configuration.version == .qwen2 ? .thousandths : .shownPixels)
  }

  /// The name of a tensor in the files: the published one, or that of Transformers 4.52 and some trainers,
  /// which put both parts under `model.` and the language model under `model.language_model.`.
  private static func storedName(_ published: String, _ files: ModelFiles) -> String {
    if files.hasTensor(published) { return published }
    let language = "model."
    let other =
      published.hasPrefix(language)
      ? "model.language_model." + published.dropFirst(language.count) : "model." + published
    return files.hasTensor(other) ? other : published
  }

  func layout(of media: MediaShape, maxPixels: Int?) throws(Failure) -> MediaLayout {
    try processor.layout(of: media, maxPixels: maxPixels)
  }

  func prompt(_ question: Question) throws(Failure) -> Prompt { try processor.prompt(question) }
}
