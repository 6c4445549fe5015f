import ArgumentParser
import Compute
import Diagnostics
import Engine
import FoundationEssentials
import Merging
import Models
import Report

@preconcurrency import Glibc

/// How fast and how large a model is here, with merging on and off.
struct BenchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench",
    abstract: "Measure seconds and memory per stage, merging on against off.",
    discussion: """
      Either a real model (--model), or the shape of one with random weights in memory \
      (--config config.json --random-weights): speed and memory do not depend on what the weights \
      say. The picture is noise.
      """)

  @Option(help: "A model folder.")
  var model: String?
  @Option(help: "A config.json to take the shape from.")
  var config: String?
  @Flag(help: "Fill that shape with random bf16 weights.")
  var randomWeights = false

  @Option(help: ArgumentHelp("Size of the picture or the frames.", valueName: "WxH"))
  var size: String = "448x448"
  @Option(help: "Frames of a film, instead of one picture.")
  var frames: Int?
  @Option(help: "Words in the question.")
  var promptTokens: Int = 32
  @Option(help: "Tokens to generate.")
  var newTokens: Int = 16
  @Option(help: "Measure so many times and take the median.")
  var repeats: Int = 1
  @OptionGroup(title: "Merging") var merging: MergingOptions
  @OptionGroup(title: "Computing") var compute: ComputeOptions
  @Flag(help: "Print one JSON object instead of a table.")
  var json = false

  func validate() throws {
    guard (model == nil) != (config == nil) else {
      throw ValidationError("give either --model, or --config with --random-weights")
    }
    guard (config != nil) == randomWeights else {
      throw ValidationError("--config and --random-weights belong together")
    }
    if let frames, !(1...10_000 ~= frames) {
      throw ValidationError("--frames must be between 1 and 10000")
    }
    guard 1...100_000 ~= promptTokens, 0...100_000 ~= newTokens, 1...1000 ~= repeats else {
      throw ValidationError("--prompt-tokens, --new-tokens or --repeats is out of range")
    }
  }

  func run() throws {
    try exiting { try measure() }
  }

  private func measure() throws(Failure) {
    let work = try self.work()
    let asked = try merging.parameters()
    let progress = ProgressBar(isShown: isatty(STDERR_FILENO) == 1)
    progress.show("loading", 0)
    let session = try self.session()
    var variants = [(name: "off", merging: MergeParameters(profile: .off))]
    if asked.profile != .off {
      variants.append((merging.fastv == nil ? asked.profile.rawValue : "fastv", asked))
    }
    let rows = try Benchmark(session, work).run(variants) { progress.show($0, $1) }
    progress.show("products", 0.99)
    let product = try ProductBenchmark.linear(
      rows: 256, inputs: 2048, outputs: 6144, isPacked: compute.weights == .int8,
      threads: session.threads)
    progress.clear()
    let report = BenchmarkReport(
      model: model ?? config ?? "", weights: compute.weights.rawValue,
      weightBytes: session.model.weightBytes, threads: session.threads.count,
      kernels: ProcessorInformation.kernels, openBLASCore: ProcessorInformation.openBLASCore,
      productGFLOPS: product, rows: rows)
    TerminalOutput.write(json ? try JSONText.encode(report) + "\n" : report.table)
  }

  private func work() throws(Failure) -> Benchmark.Work {
    var work = Benchmark.Work()
    let sides = size.split(separator: "x").compactMap { Int($0) }
    guard sides.count == 2, sides.allSatisfy({ 1...65_536 ~= $0 }) else {
      throw Failure(
        .usage, code: "bench.size", "“\(size)” is not a size in pixels",
        remedy: "give width and height, such as --size 448x448")
    }
    work.width = sides[0]
    work.height = sides[1]
    work.frames = frames
    work.promptWords = promptTokens
    work.newTokens = newTokens
    work.repetitions = repeats
    return work
  }

  private func session() throws(Failure) -> Session {
    if let model {
      return try Session(
        modelFolder: model, options: compute.modelOptions, threads: compute.threads)
    }
    var options = compute.modelOptions
    options.threads = compute.threads
    let path = config ?? ""
    guard let data = FileManager.default.contents(atPath: path) else {
      throw Failure(
        .missingInput, code: "bench.config", "\(path) cannot be read",
        remedy: "give the path of a config.json")
    }
    return Session(
      model: try ModelRegistry.random(data, file: path, options: options),
      threads: ThreadTeam(count: compute.threads))
  }
}
