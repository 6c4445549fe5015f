import Compute
import Diagnostics
import Merging
import Tokenizer

/// LLaVA-OneVision of any size, in folders of Transformers (HF
/// `LlavaOnevisionForConditionalGeneration`).
struct LlavaOneVision: BlockModel {
  static let family = ModelFamily(
    "LLaVA-OneVision", modelTypes: ["llava_onevision"],
    refused: [
      "llava_qwen":
        "Use the same model in the layout of Transformers: its name ends in -hf, such as "
        + "llava-hf/llava-onevision-qwen2-7b-ov-hf."
    ], open: open)

  let shape: ModelShape
  let assets: ModelAssets

  let vision: VisionEncoder
  let text: TextModel

  private let processor: LlavaProcessor
  private let packer: TokenPacker

  private static func open(
    _ files: ModelFiles, _ weights: MeasuredWeights, _ options: ModelOptions
  ) throws(Failure) -> any VisionLanguageModel {
    try LlavaOneVision(files, weights, options)
  }

  private init(
    _ files: ModelFiles, _ weights: MeasuredWeights, _ options: ModelOptions
  ) throws(Failure) {
    let configuration = try LlavaConfiguration.parse(files.configuration, file: files.path)
    shape = configuration.shape
    let beside = try LlavaFiles(configuration, files)
    let tokenizer = try files.tokenizer(special: configuration.specialTokens)
    processor = try LlavaProcessor(configuration, beside, tokenizer: tokenizer)
    let source = RenamedWeights(source: weights) { LlavaNames.stored($0, files) }
    vision = try VisionEncoder(llava: configuration, beside, options: options, from: source)
    packer = TokenPacker(
      newline: try source.vector(LlavaNames.newline, count: shape.text.hiddenSize))
    text = try TextModel(
      shape.text, configuration.text, tiesEmbeddings: configuration.tiesEmbeddings,
      hasOutput: files.hasTensor(LlavaNames.stored(TextModel.Names.plain.output, files)),
      options: options, from: source)
    assets = try ModelAssets(
      files, tokenizer: tokenizer, sampling: beside.sampling, weights: weights, vision: vision,
      text: text, boxCoordinates: nil)
  }

  func layout(of media: MediaShape, maxPixels: Int?) throws(Failure) -> MediaLayout {
    try processor.layout(of: media, maxPixels: maxPixels)
  }

  func prompt(_ question: Question) throws(Failure) -> Prompt { try processor.prompt(question) }

  func arranged(_ question: Question) -> Question { question.imagesFirst }

  func pack(_ segments: [EncodedSegment], for prompt: Prompt) throws(Failure) -> [PackedRun] {
    var packed: [PackedRun] = []
    for run in prompt.runs {
      guard let packing = run.packing else { return [] }
      packed.append(try packer.pack(segments[run.segments], packing))
    }
    return packed
  }
}
