import ArgumentParser
import Engine

/// How tokens are chosen.
struct SamplingOptions: ParsableArguments {
  @Option(help: "0 takes the likeliest token; more is more varied.")
  var temperature: Float = 0
  @Option(help: "Draw from the likeliest tokens that together have this probability.")
  var topP: Float = 1
  @Option(help: "Draw from this many tokens; 0 for all.")
  var topK: Int = 0
  @Option(help: "More than 1 makes repeating a word less likely.")
  var repetitionPenalty: Float = 1
  @Option(help: "Where the random numbers start.")
  var seed: UInt64 = 0

  /// The options as the engine has them.
  var options: Sampler.Options {
    var options = Sampler.Options()
    options.temperature = temperature
    options.topP = topP
    options.topK = topK
    options.repetitionPenalty = repetitionPenalty
    options.seed = seed
    return options
  }
}
