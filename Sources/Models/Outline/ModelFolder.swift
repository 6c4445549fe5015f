import Basics
import Checkpoint
import Diagnostics
import FoundationEssentials

/// What the files of a model folder are, as far as that can be said; the folder may be unusable.
public struct ModelFolder: Sendable {
  /// `model_type` of `config.json`; `nil` where it names none.
  public let modelType: String?
  /// The first of `architectures` of `config.json`.
  public let architecture: String?
  /// The method of quantization that `config.json` names; `nil` where the weights are not quantized.
  public let quantization: String?
  /// How `config.json` is laid out.
  public let layout: Layout?
  /// The files with weights in safetensors.
  public let weightFiles: [String]
  /// The first file of each purpose that the folder has; `nil` where it has none.
  public let tokenizer, template, images, videos, generation: String?
  /// The precisions of the files of packed weights that are there.
  public let packedFiles: [PackedPrecision]

  /// The layouts of `config.json`.
  public enum Layout: String, Sendable {
    /// The language model's keys are in `text_config`.
    case nested = "text_config"
    /// The language model's keys are in `llm_config`, as OpenGVLab writes it.
    case original = "llm_config"
    /// The language model's keys are at the top.
    case flat
  }

  /// What a model in GGUF has: its files with weights, and no others.
  ///
  /// - Throws: `model.config`.
  public init(_ checkpoint: Checkpoint) throws(Failure) {
    let config: JSONValue
    do throws(FormatProblem) {
      config = try JSONValue.read(Array(checkpoint.configuration), code: .modelConfig)
    } catch {
      throw Failure(.fault, code: error.code, "\(checkpoint.folderPath): \(error.text)")
    }
    modelType = config["model_type"]?.string
    architecture = try checkpoint.gguf?.text.metadata.text("general.architecture")
    quantization = nil
    layout = nil
    weightFiles = checkpoint.gguf?.files.map(\.path) ?? []
    func name(_ path: String?) -> String? {
      path.map { $0.split(separator: "/").last.map(String.init) ?? $0 }
    }
    let (text, files) = (
      name(checkpoint.gguf?.text.path), checkpoint.gguf?.translation.files ?? [:]
    )
    tokenizer = text
    template = files["chat_template.jinja"] == nil ? nil : text
    images = name(checkpoint.gguf?.projector?.path) ?? text
    videos = nil
    generation = text
    packedFiles = PackedPrecision.allCases.filter {
      (try? PackedFile(of: checkpoint, $0)) != nil
    }
  }

  /// Looks at a folder.
  ///
  /// - Throws: `missingInput` when there is none, `modelUnusable` when the path names a file.
  public init(_ path: String) throws(Failure) {
    let listing = try FolderListing(path)
    func json(_ name: String) -> JSONValue? {
      listing.contents(name).flatMap {
        (bytes) -> JSONValue? in try? JSONValue.read(bytes, code: .modelConfig)
      }
    }
    let config = json("config.json")
    modelType = config?["model_type"]?.string
    architecture = config?["architectures"]?.elements?.first?.string
    let parts = [config, config?["text_config"], config?["llm_config"]]
    let schemes = parts.compactMap { $0?["quantization_config"] }
    quantization = schemes.first.map { $0["quant_method"]?.string ?? "unknown" }
    layout =
      switch (config, config?["llm_config"], config?["text_config"]) {
      case (nil, _, _): nil
      case (_, .some, _): .original
      case (_, _, .some): .nested
      default: .flat
      }
    weightFiles = listing.names.filter { $0.hasSuffix(".safetensors") }
    packedFiles = PackedPrecision.allCases.filter { listing.names.contains($0.fileName) }
    tokenizer = listing.first(of: ["tokenizer.json", "tokenizer.model", "vocab.json"])
    template =
      listing.first(of: ["chat_template.jinja", "chat_template.json"])
      ?? (json("tokenizer_config.json")?["chat_template"] == nil ? nil : "tokenizer_config.json")
    images = listing.first(of: ["preprocessor_config.json"])
    videos = listing.first(of: ["video_preprocessor_config.json"])
    generation = listing.first(of: ["generation_config.json"])
  }
}
