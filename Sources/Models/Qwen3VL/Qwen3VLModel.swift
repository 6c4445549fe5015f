import Checkpoint
import Compute
import Diagnostics
import FoundationEssentials
import Media
import Merging
import Tokenizer

/// Qwen3-VL, dense, of any size (HF `Qwen3VLForConditionalGeneration`).
public struct Qwen3VLModel: VisionLanguageModel {
  /// The checked `config.json`.
  public let configuration: Qwen3VLConfiguration
  /// Byte-level BPE.
  public let tokenizer: Tokenizer
  /// `eos_token_id` of `generation_config.json`, or the end of a turn.
  public let stopTokens: Set<Int32>

  /// Bytes of all weights as they are held.
  public let weightBytes: Int
  /// Bytes among them that are in memory of their own, not in a mapped file.
  public let ownedWeightBytes: Int

  /// The matrices that are held in 8 bits, by name.
  public let packedWeights: [(name: String, weights: PackedWeights)]

  /// What the user should know about how the model was loaded.
  public private(set) var notes: [String] = []

  private let processor: Qwen3VLProcessor
  private let vision: VisionModel
  private let text: TextModel

  /// Which frames of a video are looked at.
  public var sampling: FrameSampling { processor.videos.sampling }

  /// Loads a checkpoint: its weights stay in the mapped file, or are packed into 8 bits if the options
  /// say so and no packed file has them already.
  ///
  /// - Throws: `modelUnusable` naming the file and what was expected.
  public static func load(
    _ checkpoint: Checkpoint, options: ModelOptions
  ) throws(Failure) -> any VisionLanguageModel {
    let configuration = try Qwen3VLConfiguration.parse(
      checkpoint.configuration, file: checkpoint.folderPath + "/config.json")
    let (weights, note) = source(checkpoint, options)
    var model = try Qwen3VLModel(
      configuration, weights: weights, options: options,
      tokenizer: try Tokenizer(folder: checkpoint.folderPath),
      stopTokens: try StopTokens.read(checkpoint),
      pictures: try ProcessorConfiguration(
        "preprocessor_config.json", of: checkpoint, defaults: .imageDefaults),
      videos: try ProcessorConfiguration(
        "video_preprocessor_config.json", of: checkpoint, defaults: .videoDefaults))
    if let note { model.notes.append(note) }
    return model
  }

  /// The checkpoint's tensors, with those of the packed file beside it where that is wanted.
  private static func source(
    _ checkpoint: Checkpoint, _ options: ModelOptions
  ) -> (source: any WeightSource, note: String?) {
    guard options.weights == .int8, options.usesPackedFile else { return (checkpoint, nil) }
    return PackedCheckpoint.open(checkpoint)
  }

  /// What a checkpoint's weights will take once they are held as `options` say.
  ///
  /// - Throws: `modelUnusable` naming the file and what was expected.
  static func weightBytes(
    of checkpoint: Checkpoint, options: ModelOptions
  ) throws(Failure) -> Int {
    let configuration = try Qwen3VLConfiguration.parse(
      checkpoint.configuration, file: checkpoint.folderPath + "/config.json")
    let counted = CountedWeights(
      source(checkpoint, options).source, precision: options.weights)
    let pictures = ProcessorConfiguration.imageDefaults
    _ = try parts(configuration, pictures: pictures, options: options, from: counted)
    return counted.bytes
  }

  /// The image encoder and the language model.
  private static func parts(
    _ configuration: Qwen3VLConfiguration, pictures: ProcessorConfiguration,
    options: ModelOptions, from source: any WeightSource
  ) throws(Failure) -> (vision: VisionModel, text: TextModel) {
    let vision = try VisionModel(
      configuration.vision,
      extractor: PatchExtractor(
        patchSize: configuration.vision.patchSize,
        temporalPatchSize: configuration.vision.temporalPatchSize, mean: pictures.mean,
        deviation: pictures.deviation),
      options: options, from: source)
    let text = try TextModel(
      configuration.text, tiesEmbeddings: configuration.tiesEmbeddings, options: options,
      from: source)
    return (vision, text)
  }

  /// A model of random weights with a vocabulary of single bytes, for measuring.
  ///
  /// - Parameters:
  ///   - data: the contents of a `config.json`.
  ///   - file: its path, for messages.
  ///   - weights: where the random weights come from.
  /// - Throws: `model.config`, or `model.no-memory` when the weights do not fit.
  public static func random(
    _ data: Data, file: String, options: ModelOptions, weights: any WeightSource
  ) throws(Failure) -> any VisionLanguageModel {
    let configuration = try Qwen3VLConfiguration.parse(data, file: file)
    // The ids that config.json names, and the four of the chat format where they are free.
    var special = [
      "<|image_pad|>": configuration.imageTokenID, "<|video_pad|>": configuration.videoTokenID,
    ]
    var free = Int32(0)
    for name in ["<|im_start|>", "<|im_end|>", "<|vision_start|>", "<|vision_end|>"] {
      while special.values.contains(free) { free += 1 }
      special[name] = free
    }
    return try Qwen3VLModel(
      configuration, weights: weights, options: options,
      tokenizer: try Tokenizer(bytesAnd: special), stopTokens: [], pictures: .imageDefaults,
      videos: .publishedVideos)
  }

  /// A model from its parts, wherever its weights come from.
  ///
  /// - Throws: `modelUnusable`.
  public init(
    _ configuration: Qwen3VLConfiguration, weights: any WeightSource, options: ModelOptions,
    tokenizer: Tokenizer, stopTokens: Set<Int32>, pictures: ProcessorConfiguration,
    videos: ProcessorConfiguration
  ) throws(Failure) {
    let source = MeasuredWeights(options.holding(weights))
    self.configuration = configuration
    self.tokenizer = tokenizer
    self.stopTokens =
      stopTokens.isEmpty
      ? Set([tokenizer.id(ofSpecial: "<|im_end|>")].compactMap(\.self)) : stopTokens
    processor = try Qwen3VLProcessor(
      configuration, tokenizer: tokenizer, pictures: pictures, videos: videos)
    (vision, text) = try Self.parts(
      configuration, pictures: pictures, options: options, from: source)
    weightBytes = source.bytes
    ownedWeightBytes = source.ownedBytes
    packedWeights = source.packed
  }

  /// Pixels along the side of a group of patches.
  public var tokenSide: Int { configuration.vision.patchSize * configuration.vision.mergeSize }

  /// How keys and values are held unless a question asks for fewer bits.
  public var cacheElementType: ElementType { text.cacheType }

  /// Scratch elements per thread that the encoder's widest product needs.
  func visionScratchElements(threads: Int) -> Int { vision.scratchElements(threads: threads) }

  /// Scratch elements per thread that the language model's widest product needs.
  func textScratchElements(threads: Int) -> Int { text.scratchElements(threads: threads) }

  /// Bytes of the language model's products: what every generated token reads.
  var textProductBytes: Int { text.productBytes }

  /// The size a picture is brought to.
  public func imageSize(
    height: Int, width: Int, maxPixels: Int?
  ) throws(Failure) -> (height: Int, width: Int) {
    try processor.imageSize(height: height, width: width, maxPixels: maxPixels)
  }

  /// The size a video's frames are brought to.
  public func videoSize(
    frames: Int, height: Int, width: Int, maxPixels: Int?
  ) throws(Failure) -> (height: Int, width: Int) {
    try processor.videoSize(frames: frames, height: height, width: width, maxPixels: maxPixels)
  }

  /// Settles merging for this depth and these DeepStack layers.
  public func resolve(_ parameters: MergeParameters) throws(Failure) -> ResolvedMerging {
    try parameters.resolved(
      visionDepth: configuration.vision.depth, textDepth: configuration.text.layers,
      deepStackLayers: configuration.vision.deepStackLayers)
  }

  /// The chat prompt.
  public func assemble(_ question: Question) throws(Failure) -> AssembledPrompt {
    try processor.assemble(question, segments: try processor.segments(question.visuals))
  }

  /// Runs the image encoder over every segment of the question.
  public func see(
    _ question: Question, merging: ResolvedMerging, threads: ThreadTeam, observer: ComputeObserver
  ) throws(Failure) -> SeenQuestion {
    let segments = try processor.segments(question.visuals)
    let prompt = try processor.assemble(question, segments: segments)
    let encoded = try vision.encode(
      segments, merging: merging, threads: threads, observer: observer)
    return SeenQuestion(
      prompt: prompt, segments: encoded.segments, steps: segments.isEmpty ? [] : encoded.steps)
  }

  /// Runs the prompt through the language model.
  public func read(
    _ seen: SeenQuestion, room: Int, merging: ResolvedMerging, narrowsCache: Bool,
    threads: ThreadTeam, observer: ComputeObserver
  ) throws(Failure) -> Generation {
    var pass = try PrefillPass(
      text, prompt: seen.prompt, segments: seen.segments, merging: merging,
      cacheType: narrowsCache ? .bf16 : text.cacheType, threads: threads)
    let (caches, logits) = try pass.run(room: room, observer: observer)
    return try Generation(
      caches: caches, logits: logits, nextPosition: seen.prompt.nextPosition,
      steps: seen.steps + pass.steps, visionCounts: seen.segments.map(\.count),
      survivors: pass.survivors, configuration: configuration.text)
  }

  /// Runs one token through the language model.
  public func advance(
    _ generation: Generation, by token: Int32, threads: ThreadTeam
  ) throws(Failure) {
    try text.decode(token, generation, threads: threads)
  }
}
