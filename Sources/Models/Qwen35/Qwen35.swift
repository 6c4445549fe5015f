import Compute
import Diagnostics
import Grounding
import Merging
import Tokenizer

/// Qwen3.5 of any size, dense only (HF `Qwen3_5ForConditionalGeneration`): the image encoder of Qwen3-VL
/// without DeepStack, and a language model most of whose layers are a Gated DeltaNet.
///
/// The files also hold a layer for drafting tokens (`mtp.`), which is never asked for.
struct Qwen35: BlockModel {
  /// The family.
  static let family = ModelFamily(
    "Qwen3.5", modelTypes: ["qwen3_5"],
    refused: [
      "qwen3_5_text": "The folder has no image encoder: use a Qwen3.5 model that sees pictures.",
      "qwen3_5_moe": "Only dense models can be run: use Qwen3.5 0.8B, 2B, 4B, 9B or 27B.",
    ], gguf: gguf, open: open)

  let shape: ModelShape
  let assets: ModelAssets

  let vision: VisionEncoder
  let text: TextModel

  private let processor: Qwen3VLProcessor

  private static func open(
    _ files: ModelFiles, _ weights: MeasuredWeights, _ options: ModelOptions
  ) throws(Failure) -> any VisionLanguageModel {
    try Qwen35(files, weights, options)
  }

  private init(
    _ files: ModelFiles, _ weights: MeasuredWeights, _ options: ModelOptions
  ) throws(Failure) {
    let configuration = try Qwen35Configuration.parse(files.configuration, file: files.path)
    shape = configuration.shape
    let tokenizer = try files.tokenizer(special: configuration.specialTokens)
    processor = try Qwen3VLProcessor(
      shape, image: configuration.imageTokenID, video: configuration.videoTokenID, files,
      tokenizer: tokenizer,
      thinking: ThinkingFormat(
        tokenizer, vocabularySize: shape.text.vocabularySize, template: .read(files)))
    vision = try VisionEncoder(
      qwen3VL: configuration.vision, pictures: processor.images, options: options, from: weights)
    text = try TextModel(
      shape.text, TextModel.Names(prefix: "model.language_model."),
      TextLayer.Choices(
        epsilon: configuration.text.epsilon, hasBiases: false, hasHeadNorms: true, normOffset: 1),
      tiesEmbeddings: configuration.tiesEmbeddings,
      rotary: TextRotary(
        headSize: configuration.text.rotarySize, base: configuration.text.ropeTheta,
        axes: .interleaved(sections: configuration.text.ropeSections)),
      options: options, from: weights)
    // Each file names only some of the tokens that end an answer.
    let named = ["<|im_end|>", "<|endoftext|>"].compactMap { tokenizer.id(ofSpecial: $0) }
    assets = try ModelAssets(
      files, tokenizer: tokenizer, sampling: processor.videos.sampling, weights: weights,
      vision: vision, text: text, otherStopTokens: configuration.text.stopTokens.union(named),
      promptFeatures: PromptFeatures(hasThoughts: true, hasOuterMarkers: true),
      boxCoordinates: .thousandths)
  }

  func layout(of media: MediaShape, maxPixels: Int?) throws(Failure) -> MediaLayout {
    try processor.layout(of: media, maxPixels: maxPixels)
  }

  func prompt(_ question: Question) throws(Failure) -> Prompt { try processor.prompt(question) }
}
