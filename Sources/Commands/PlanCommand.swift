import ArgumentParser
import Diagnostics
import Engine
import MemoryPlanner
import Report

/// What a question would need, without computing it.
struct PlanCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan",
    abstract: "Say how much memory a question would need and what would be given up to fit.",
    discussion: """
      Media are decoded to know their sizes; the model computes nothing. Times follow from the \
      operations of each stage and from how fast two products run now. The chart shows how many \
      visual tokens would be left within smaller and larger budgets.
      """)

  /// With the axis' labels 79 columns.
  private static let chartColumns = 70

  @Option(help: "The model folder.")
  var model: String
  @Argument(help: "Pictures and videos.")
  var files: [String] = []
  @Option(help: "What would be asked.")
  var prompt: String = "Describe it."
  @OptionGroup(title: "Merging") var merging: MergingOptions
  @Option(help: "Frames looked at per second of video (default: the model's own rate, 2).")
  var fps: Double?
  @Option(help: "An exact number of frames of a video, instead of a rate.")
  var frames: Int?
  @Option(help: "The most pixels a picture or frame is shown with.")
  var maxPixels: Int?
  @Option(help: "The most tokens that would be generated.")
  var maxNewTokens: Int = 256
  @OptionGroup(title: "Computing") var compute: ComputeOptions
  @OptionGroup(title: "Memory") var memory: MemoryOptions
  @Flag(help: "Print one JSON object instead of words.")
  var json = false

  func validate() throws {
    if fps != nil, frames != nil {
      throw ValidationError("--fps and --frames exclude each other")
    }
    for (name, value) in [("--max-pixels", maxPixels), ("--frames", frames)] {
      if let value, value < 1 { throw ValidationError("\(name) must be at least 1") }
    }
    if let fps, !(fps > 0 && fps.isFinite) { throw ValidationError("--fps must be positive") }
    guard 0...1 << 20 ~= maxNewTokens else {
      throw ValidationError("--max-new-tokens is out of range")
    }
  }

  func run() throws {
    try exiting { try plan() }
  }

  private func plan() throws(Failure) {
    var request = Request(prompt: prompt)
    request.media = files.map { MediaItem(path: $0) }
    request.merging = try merging.parameters()
    request.memory = memory.rules
    request.framesPerSecond = fps
    request.frames = frames
    request.maxPixels = maxPixels
    request.maxNewTokens = maxNewTokens
    let session = try Session(
      modelFolder: model, options: compute.modelOptions, threads: compute.threads,
      memory: request.memory)
    let outlook = try session.outlook(request, points: Self.chartColumns)
    // After the plan: what is measured takes 64 MiB of its own for a moment.
    let document = PlanDocument(
      outlook, rates: try ComputeRates.measured(threads: session.threads))
    TerminalOutput.write(
      json ? try JSONText.encode(document) + "\n" : PlainText.lines(document.words))
  }
}
