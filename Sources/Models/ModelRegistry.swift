import Checkpoint
import Compute
import Diagnostics
import FoundationEssentials
import Options
import Synchronization

/// The supported model families, and functions that open a model of any of them.
public enum ModelRegistry {
  /// Every family of this module.
  public static let families: [ModelFamily] =
    [Qwen3VL.family, Qwen35.family, InternVL.family, LlavaOneVision.family] + Qwen2VL.families

  private static let more = Mutex<[ModelFamily]>([])

  /// Adds a family that is not part of this module, for a program that defines its own.
  public static func register(_ family: ModelFamily) {
    more.withLock { families in
      if !families.contains(where: { $0.name == family.name }) { families.append(family) }
    }
  }

  /// All families.
  static var all: [ModelFamily] { families + more.withLock { $0 } }

  /// Opens a checkpoint. Its weights stay in the mapped files, or are packed if the options say so and the
  /// packed file does not hold them already.
  ///
  /// - Throws: `model.family` for a family that is not supported, or `modelUnusable` naming the file and
  ///   what was expected.
  public static func load(
    _ checkpoint: Checkpoint, options: ModelOptions
  ) throws(Failure) -> any VisionLanguageModel {
    try load(ModelFiles(checkpoint), of: checkpoint, options: options)
  }

  /// Opens a checkpoint whose other files may have been read already.
  ///
  /// - Throws: as `load(_:options:)`.
  public static func load(
    _ files: ModelFiles, of checkpoint: Checkpoint, options: ModelOptions
  ) throws(Failure) -> any VisionLanguageModel {
    let (source, note) = try source(files, checkpoint, options)
    var files = files
    if let note { files.notes.append(note) }
    return try open(files, options.holding(source), options)
  }

  /// The bytes that a checkpoint's weights will take in the precision of `options`, without loading
  /// them.
  ///
  /// - Throws: as `load`, where the checkpoint is unusable.
  public static func weightBytes(
    _ files: ModelFiles, of checkpoint: Checkpoint, options: ModelOptions
  ) throws(Failure) -> Int {
    try outline(files, of: checkpoint, options: options).weights.bytes
  }

  /// What a checkpoint needs in the precision of `options`, without loading its weights.
  ///
  /// - Throws: as `load`, where the checkpoint is unusable.
  public static func outline(
    _ files: ModelFiles, of checkpoint: Checkpoint, options: ModelOptions
  ) throws(Failure) -> ModelOutline {
    let (source, note) = try source(files, checkpoint, options, isFilled: false)
    var files = files
    if let note { files.notes.append(note) }
    let weights = UnfilledWeights(source: source, precision: options.weights)
    return ModelOutline(
      family: try family(of: files).name, model: try open(files, weights, options))
  }

  /// Makes a model of random weights with a vocabulary of single bytes, for measurements.
  ///
  /// - Parameters:
  ///   - configuration: the contents of a `config.json`.
  ///   - file: its path, for messages.
  ///   - distinctLayers: the layers of each part that have weights of their own, which the others share;
  ///     `nil` for all.
  /// - Throws: `model.family`, `model.config`, or `model.no-memory`.
  public static func random(
    _ configuration: Data, file: String, options: ModelOptions, distinctLayers: Int? = nil
  ) throws(Failure) -> any VisionLanguageModel {
    let weights = options.holding(RandomWeights())
    return try open(
      ModelFiles(configuration: configuration, path: file),
      distinctLayers.map { RepeatedLayers(weights, layers: $0) } ?? weights, options)
  }

  /// Writes random weights for a configuration as a checkpoint's `model.safetensors`, for tests that
  /// need a model of a certain size.
  ///
  /// - Parameter path: the file to write.
  /// - Throws: as `random`, and what writing throws.
  public static func writeRandom(
    _ configuration: Data, file: String, to path: String
  ) throws(Failure) {
    let recorder = RecordedWeights(RandomWeights())
    _ = try open(
      ModelFiles(configuration: configuration, path: file), recorder, ModelOptions())
    var writer = SafetensorsWriter()
    for (name, weights) in recorder.tensors { try writer.add(name, weights) }
    try writer.write(to: path)
  }

  /// Opens a model from its files and from weights of any source; all other functions call this one.
  private static func open(
    _ files: ModelFiles, _ weights: any WeightSource, _ options: ModelOptions
  ) throws(Failure) -> any VisionLanguageModel {
    try family(of: files).open(files, MeasuredWeights(weights), options)
  }

  /// The name of the family that `config.json` names.
  ///
  /// - Throws: `model.family` for a family that is not supported, or `model.config`.
  public static func familyName(of files: ModelFiles) throws(Failure) -> String {
    try family(of: files).name
  }

  /// The family that `config.json` names.
  private static func family(of files: ModelFiles) throws(Failure) -> ModelFamily {
    let header = try ConfigurationFile.decode(
      Header.self, files.configuration, file: files.path)
    let type = header.model_type
    let families = all
    guard let family = families.first(where: { $0.modelTypes.contains(type) }) else {
      throw UnknownFamily(type: type, hasVision: header.hasVision, known: families)
        .failure(file: files.path)
    }
    return family
  }

  private struct Header: Decodable {
    struct Part: Decodable {}

    let model_type: String
    let vision_config: Part?
    let mm_vision_tower: Part?

    var hasVision: Bool { vision_config != nil || mm_vision_tower != nil }
  }

  /// The checkpoint's tensors, widened where they are quantized, and taken from the packed file beside it
  /// where that is wanted.
  ///
  /// - Parameter isFilled: whether the numbers of quantized tensors are wanted, or only their sizes.
  /// - Throws: `model.quantized`, `model.config`.
  private static func source(
    _ files: ModelFiles, _ checkpoint: Checkpoint, _ options: ModelOptions, isFilled: Bool = true
  ) throws(Failure) -> (source: any WeightSource, note: String?) {
    // A family that is not supported is the better reason.
    let family = try family(of: files)
    var stored: any WeightSource = checkpoint
    var sizes = stored
    if let gguf = checkpoint.gguf {
      let threads = ThreadTeam(count: options.threads)
      stored = GGUFWeights(model: gguf, threads: threads, isFilled: isFilled)
      sizes = GGUFWeights(model: gguf, threads: threads, isFilled: false)
    } else if let quantization = try Quantization(files) {
      var widened = WidenedCheckpoint(
        checkpoint: checkpoint, block: quantization.block,
        threads: ThreadTeam(count: options.threads), isFilled: isFilled)
      stored = widened
      widened.isFilled = false
      sizes = widened
    }
    stored = try family.arrange(files, stored, isFilled)
    sizes = try family.arrange(files, sizes, false)
    guard let precision = options.weights.packed, options.usesPackedFile else {
      return (stored, nil)
    }
    return PackedCheckpoint.open(checkpoint, precision, stored: stored, sizes: sizes)
  }
}
