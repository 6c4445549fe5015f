import ArgumentParser
import Basics
import Compute
import Diagnostics
import Engine
import FoundationEssentials
import Merging
import Models
import OptionArguments
import Options
import Report

@preconcurrency import Glibc

/// Measures the speed and memory of a model on this machine, with merging on and off.
struct BenchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench",
    abstract: "Measure seconds and memory per stage, merging on against off.",
    discussion: """
      Either a real model (--model), or the shape of one with random weights in memory \
      (--config config.json --random-weights): speed and memory do not depend on what the weights \
      say. The picture is noise.
      """)

  @Option(help: "A model: a folder, a GGUF file, or ollama:NAME[:TAG].")
  var model: String?
  @OptionGroup var projector: ProjectorOption
  @Option(help: "A config.json to take the shape from.")
  var config: String?
  @Flag(help: "Fill that shape with random bf16 weights.")
  var randomWeights = false
  @Option(
    help: ArgumentHelp(
      """
      Only so many layers get random weights of their own, and the others share them: a model larger \
      than memory can be timed. What it would hold is said as for the whole model.
      """, valueName: "layers"))
  var distinctLayers: Int?

  @Option(
    help: ArgumentHelp(
      "Size of the picture or the frames, or several with commas.", valueName: "WxH,…"))
  var size: String = "448x448"
  @Option(
    help: ArgumentHelp(
      "Frames of a video, instead of one picture; or several numbers with commas.", valueName: "N,…"
    )
  )
  var frames: String?
  @Option(help: "Tokens of the question's text.")
  var promptTokens: Int = 32
  @Option(help: "Tokens to generate.")
  var newTokens: Int = 16
  @Option(help: "Measure so many times and take the median.")
  var repeats: Int = 1
  @Option(
    help: ArgumentHelp(
      """
      Compare the logits of a text of so many random tokens with those of f32 weights, which must \
      fit into memory.
      """, valueName: "tokens"))
  var agreement: Int?
  @Option(
    help: ArgumentHelp(
      "Draw seconds against frames or pixels into this file.", valueName: "file.svg"),
    completion: .file(extensions: ["svg"]))
  var curve: String?
  @OptionGroup(title: "Merging") var merging: OptionArguments<OptionSections.Merging>
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
    guard distinctLayers == nil || randomWeights, distinctLayers ?? 1 >= 1 else {
      throw ValidationError("--distinct-layers belongs to --random-weights and is 1 or more")
    }
    if let frames, numbers(frames, within: 1...10_000) == nil {
      throw ValidationError("--frames must be numbers between 1 and 10000, with commas between")
    }
    // All logits are kept: 1.2 MB per position, for a vocabulary of 151,936 and two models.
    if let agreement, !(1...1000 ~= agreement) {
      throw ValidationError("--agreement must be between 1 and 1000")
    }
    guard 1...100_000 ~= promptTokens, 0...100_000 ~= newTokens, 1...1000 ~= repeats else {
      throw ValidationError("--prompt-tokens, --new-tokens or --repeats is out of range")
    }
  }

  func run() throws {
    try exiting { try measure() }
  }

  private func measure() throws(Failure) {
    let works = try self.works()
    let chosen = try merging.chosen()
    let asked = try MergeParameters(chosen)
    let progress = ProgressBar(isShown: isatty(STDERR_FILENO) == 1)
    var agreed: LogitAgreement?
    if let agreement {
      progress.show("logits", 0)
      agreed = try LogitAgreement.measured(positions: agreement) { () throws(Failure) in
        try self.session(weights: .f32)
      } other: { () throws(Failure) in
        try self.session(weights: precision)
      }
    }
    progress.show("loading", 0)
    let session = try self.session(weights: precision)
    var variants = [(name: "off", merging: MergeParameters(profile: .off))]
    if asked.profile != .off {
      variants.append((chosen.fastV == nil ? asked.profile.rawValue : "fastv", asked))
    }
    let rows = try Benchmark(session, works).run(variants, repetitions: repeats) {
      progress.show($0, $1)
    }
    progress.show("products", 0.99)
    let product = try ProductBenchmark.linear(
      rows: 256, inputs: 2048, outputs: 6144, bits: precision.bits,
      threads: session.threads)
    progress.clear()
    let report = BenchmarkReport(
      model: model ?? config ?? "", weights: precision.rawValue,
      weightBytes: session.model.assets.weights.bytes, threads: session.threads.count,
      kernels: ProcessorInformation.kernels, openBLASCore: ProcessorInformation.openBLASCore,
      productGFLOPS: product, agreement: agreed, rows: rows)
    if let curve, let drawing = SpeedCurve(rows) {
      do { try Data(drawing.svg.utf8).write(to: URL(filePath: curve), options: .atomic) } catch {
        throw Failure(
          .missingInput, code: .benchCurve, "\(curve) cannot be written: \(error)",
          remedy: "Give a place that you may write in.")
      }
    }
    TerminalOutput.write(json ? try JSONText.encode(report) + "\n" : PlainText.lines(report.table))
  }

  /// Every combination of size and number of frames.
  private func works() throws(Failure) -> [Benchmark.Work] {
    var works: [Benchmark.Work] = []
    for size in size.split(separator: ",", omittingEmptySubsequences: false) {
      let sides = size.split(separator: "x").compactMap { Int($0) }
      guard sides.count == 2, sides.allSatisfy({ 1...65_536 ~= $0 }) else {
        throw Failure(
          .usage, code: .benchSize, "“\(size)” is not a size in pixels",
          remedy: "Give width and height, such as --size 448x448.")
      }
      var work = Benchmark.Work()
      work.width = sides[0]
      work.height = sides[1]
      work.questionTokens = promptTokens
      work.newTokens = newTokens
      let videos = frames.flatMap { numbers($0, within: 1...10_000) }
      for frames in videos?.map({ Optional($0) }) ?? [nil] {
        work.frames = frames
        works.append(work)
      }
    }
    return works
  }

  /// The numbers of a text, separated by commas; `nil` for any other text.
  private func numbers(_ text: String, within range: ClosedRange<Int>) -> [Int]? {
    let parts = text.split(separator: ",", omittingEmptySubsequences: false)
    let numbers = parts.compactMap { Int($0) }.filter { range.contains($0) }
    return numbers.count == parts.count ? numbers : nil
  }

  private var place: ModelPlace? { model.map(projector.place) }
  private var precision: WeightPrecision { compute.precision(for: place) }

  private func session(weights: WeightPrecision) throws(Failure) -> Session {
    var options = ModelOptions(weights: weights)
    if let place { return try Session(place, options: options, threads: compute.threads) }
    options.threads = compute.threads
    let path = config ?? ""
    guard let data = FileManager.default.contents(atPath: path) else {
      throw Failure(
        .missingInput, code: .benchConfig, "\(path) cannot be read",
        remedy: "Give the path of a config.json.")
    }
    return Session(
      model: try ModelRegistry.random(
        data, file: path, options: options, distinctLayers: distinctLayers),
      threads: ThreadTeam(count: compute.threads))
  }
}
