import ArgumentParser
import Compute
import Models
import Options

/// The options for precision and threads.
struct ComputeOptions: ParsableArguments {
  @Option(
    help: """
      How numbers are held: bf16 (weights and cache), f32 (cache in f32, the most exact), int8 \
      (matrices in 8 bits, cache in bf16: half the memory) or int4 (those of layers in 4 bits: the \
      fastest, and half of that again). auto keeps the bits of quantized GGUF files, and is bf16 otherwise.
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
