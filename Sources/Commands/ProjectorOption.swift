import ArgumentParser
import Models

/// The file of the image encoder that belongs to a model in GGUF.
struct ProjectorOption: ParsableArguments {
  @Option(
    name: .customLong("mmproj"),
    help: """
      The file of the image encoder (mmproj-….gguf) of a model in GGUF (default: the one that lies \
      beside the model's file).
      """,
    completion: .file(extensions: ["gguf"]))
  var projector: String?

  /// The model of this name with the projector.
  func place(_ model: String) -> ModelPlace { ModelPlace(model, projector: projector) }
}
