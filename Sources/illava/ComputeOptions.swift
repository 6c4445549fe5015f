import ArgumentParser
import Compute
import Models

/// How a model is held and computed.
struct ComputeOptions: ParsableArguments {
  @Option(
    help: """
      How numbers are held: bf16 (weights and cache), f32 (cache in f32, the most exact) or int8 \
      (matrices in 8 bits, cache in bf16: the fastest, and half the memory).
      """)
  var weights: WeightPrecision = .bf16

  @Option(help: "Threads to compute with (default: one per processor).")
  var threads: Int?

  @Option(
    help: ArgumentHelp(
      "Rotary frequencies in f32, or rounded to bf16 as in models cast whole.",
      visibility: .hidden))
  var rotaryFrequencies: ElementType = .f32

  /// The options as the models have them.
  var modelOptions: ModelOptions {
    var options = ModelOptions(weights: weights)
    options.rotaryFrequencies = rotaryFrequencies
    return options
  }

  func validate() throws {
    if let threads, !(1...1024 ~= threads) {
      throw ValidationError("--threads must be between 1 and 1024")
    }
  }
}

extension WeightPrecision: ExpressibleByArgument {}

extension ElementType: ExpressibleByArgument {
  /// Reads the lower-case name of a type.
  public init?(argument: String) { self.init(rawValue: argument.uppercased()) }
}
