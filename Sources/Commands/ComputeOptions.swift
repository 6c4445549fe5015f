import ArgumentParser
import Compute
import Models
import Options

/// The options for precision and threads.
struct ComputeOptions: ParsableArguments {
  @Option(
    help: """
      How numbers are held: bf16 (weights and cache), f32 (cache in f32, the most exact) or int8 \
      (matrices in 8 bits, cache in bf16: the fastest, and half the memory).
      """)
  var weights: WeightPrecision = .bf16

  @Option(help: "Threads to compute with (default: one per processor).")
  var threads: Int?

  /// The options as the model loader takes them.
  var modelOptions: ModelOptions {
    ModelOptions(weights: weights)
  }

  func validate() throws {
    if let threads, !(1...1024 ~= threads) {
      throw ValidationError("--threads must be between 1 and 1024")
    }
  }
}

extension WeightPrecision: ExpressibleByArgument {}
