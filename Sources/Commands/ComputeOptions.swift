import ArgumentParser
import Compute
import Models
import Options

/// The options for precision and threads.
struct ComputeOptions: ParsableArguments {
  @Option(
    help: """
      How numbers are held: bf16 (weights and cache), f32 (cache in f32, the most exact) or int8 \
      (matrices in 8 bits, cache in bf16: the fastest, and half the memory). auto is int8 for \
      quantized GGUF files, otherwise bf16.
      """)
  var weights: WeightChoice = .auto

  @Option(help: "Threads to compute with (default: one per processor).")
  var threads: Int?

  /// The precision for a model.
  func precision(for place: ModelPlace?) -> WeightPrecision {
    weights.precision ?? place?.usualPrecision ?? .bf16
  }

  /// The options as the model loader takes them.
  func modelOptions(for place: ModelPlace?) -> ModelOptions {
    ModelOptions(weights: precision(for: place))
  }

  func validate() throws {
    if let threads, !(1...1024 ~= threads) {
      throw ValidationError("--threads must be between 1 and 1024")
    }
  }
}
