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
    let type = try ConfigurationFile.decode(
      Header.self, checkpoint.configuration, file: file
    ).model_type
    guard let loader = families[type] else {
      let known = families.keys.sorted().joined(separator: ", ")
      throw Failure(
        .modelUnusable, code: "model.family",
        "\(file): models of the type “\(type)” cannot be run",
        remedy: "use a dense Qwen3-VL model (supported: \(known))")
    }
    return try loader(checkpoint, options)
  }
}
