import Compute
import Diagnostics
import Grounding
import Merging
import Tokenizer

/// Qwen3-VL of any size, dense only (HF `Qwen3VLForConditionalGeneration`).
struct Qwen3VL: BlockModel {
  /// The family.
  static let family = ModelFamily("Qwen3-VL", modelTypes: ["qwen3_vl"], gguf: gguf, open: open)

  let shape: ModelShape
  let assets: ModelAssets

  let vision: VisionEncoder
  let text: TextModel

  private let processor: Qwen3VLProcessor

  private static func open(
    _ files: ModelFiles, _ weights: MeasuredWeights, _ options: ModelOptions
  ) throws(Failure) -> any VisionLanguageModel {
    try Qwen3VL(files, weights, options)
  }

  private init(
    _ files: ModelFiles, _ weights: MeasuredWeights, _ options: ModelOptions
  ) throws(Failure) {
    let configuration = try Qwen3VLConfiguration.parse(files.configuration, file: files.path)
    shape = configuration.shape
    let tokenizer = try files.tokenizer(special: configuration.specialTokens)
    processor = try Qwen3VLProcessor(
      shape, image: configuration.imageTokenID, video: configuration.videoTokenID, files,
      tokenizer: tokenizer)
    vision = try VisionEncoder(
      qwen3VL: configuration.vision, pictures: processor.images, options: options, from: weights)
    text = try TextModel(
      shape.text, TextModel.Names(prefix: "model.language_model."),
      TextLayer.Choices(
        epsilon: configuration.text.epsilon, hasBiases: false, hasHeadNorms: true),
      tiesEmbeddings: configuration.tiesEmbeddings,
      rotary: TextRotary(
        headSize: shape.text.headSize, base: configuration.text.ropeTheta,
        axes: .interleaved(sections: configuration.text.ropeSections)),
      options: options, from: weights)
    assets = try ModelAssets(
      files, tokenizer: tokenizer, sampling: processor.videos.sampling, weights: weights,
      vision: vision, text: text, boxCoordinates: .thousandths)
  }

  func layout(of media: MediaShape, maxPixels: Int?) throws(Failure) -> MediaLayout {
    try processor.layout(of: media, maxPixels: maxPixels)
  }

  func prompt(_ question: Question) throws(Failure) -> Prompt { try processor.prompt(question) }
}
