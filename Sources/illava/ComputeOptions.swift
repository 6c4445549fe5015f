import ArgumentParser
import Models

/// How a model is held and computed.
struct ComputeOptions: ParsableArguments {
  @Option(
    help: "How numbers are held: bf16 (weights and cache) or f32 (cache in f32, the most exact).")
  var weights: WeightPrecision = .bf16

  @Option(help: "Threads to compute with (default: one per processor).")
  var threads: Int?

  func validate() throws {
    if let threads, !(1...1024 ~= threads) {
      throw ValidationError("--threads must be between 1 and 1024")
    }
  }
}

extension WeightPrecision: ExpressibleByArgument {}
