import Checkpoint
import Diagnostics
import FoundationEssentials

/// The model families there are, by `model_type` of `config.json`.
public enum ModelRegistry {
  /// Loads a checkpoint of one family.
  public typealias Loader =
    @Sendable (Checkpoint, ModelOptions) throws(Failure) -> any VisionLanguageModel

  /// Every family that can be run.
  public static let families: [String: Loader] = [
    "qwen3_vl": Qwen3VLModel.load
  ]

  /// Counts what the weights of a checkpoint of one family take once they are held.
  typealias WeightCounter = @Sendable (Checkpoint, ModelOptions) throws(Failure) -> Int

  private static let counters: [String: WeightCounter] = [
    "qwen3_vl": Qwen3VLModel.weightBytes
  ]

  /// Makes a model of random weights from a `config.json`.
  public typealias RandomMaker =
    @Sendable (Data, String, ModelOptions, any WeightSource) throws(Failure)
    -> any VisionLanguageModel

  /// The families whose speed can be measured without a checkpoint.
  public static let randomFamilies: [String: RandomMaker] = [
    "qwen3_vl": Qwen3VLModel.random
  ]

  private struct Header: Decodable {
    let model_type: String
  }

  /// Opens a model folder with whatever family it is of.
  ///
  /// - Throws: `model.family` for a family that is not supported, or what its loader throws.
  public static func load(
    _ checkpoint: Checkpoint, options: ModelOptions
  ) throws(Failure) -> any VisionLanguageModel {
    let file = checkpoint.folderPath + "/config.json"
    return try member(of: families, checkpoint.configuration, file)(checkpoint, options)
  }

  /// What a checkpoint's weights will take once they are held as `options` say, without holding any.
  ///
  /// - Throws: as `load`, where the checkpoint is unusable.
  public static func weightBytes(
    of checkpoint: Checkpoint, options: ModelOptions
  ) throws(Failure) -> Int {
    let file = checkpoint.folderPath + "/config.json"
    return try member(of: counters, checkpoint.configuration, file)(checkpoint, options)
  }

  /// Makes a model of random weights, for measuring.
  ///
  /// - Parameters:
  ///   - configuration: the contents of a `config.json`.
  ///   - file: its path, for messages.
  /// - Throws: `model.family`, `model.config`, or `model.no-memory`.
  public static func random(
    _ configuration: Data, file: String, options: ModelOptions
  ) throws(Failure) -> any VisionLanguageModel {
    try member(of: randomFamilies, configuration, file)(
      configuration, file, options, RandomWeights())
  }

  /// Writes random weights of a shape as a checkpoint's `model.safetensors`, for tests that need a
  /// model of some size.
  ///
  /// - Parameter path: the file to write.
  /// - Throws: as `random`, and what writing throws.
  public static func writeRandom(
    _ configuration: Data, file: String, to path: String
  ) throws(Failure) {
    let recorder = RecordedWeights(RandomWeights())
    _ = try member(of: randomFamilies, configuration, file)(
      configuration, file, ModelOptions(), recorder)
    var writer = SafetensorsWriter()
    for (name, weights) in recorder.tensors { try writer.add(name, weights) }
    try writer.write(to: path)
  }

  private static func member<Maker>(
    of families: [String: Maker], _ configuration: Data, _ file: String
  ) throws(Failure) -> Maker {
    let type = try ConfigurationFile.decode(Header.self, configuration, file: file).model_type
    guard let maker = families[type] else {
      let known = families.keys.sorted().joined(separator: ", ")
      throw Failure(
        .modelUnusable, code: "model.family",
        "\(file): models of the type “\(type)” cannot be run",
        remedy: "use a dense Qwen3-VL model (supported: \(known))")
    }
    return maker
  }
}
