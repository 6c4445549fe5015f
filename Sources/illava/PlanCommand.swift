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
    discussion: "Media are decoded to know their sizes; the model computes nothing.")

  @Option(help: "The model folder.")
  var model: String
  @Argument(help: "Pictures and films.")
  var files: [String] = []
  @Option(help: "What would be asked.")
  var prompt: String = "Describe it."
  @OptionGroup(title: "Merging") var merging: MergingOptions
  @Option(help: "The most tokens that would be generated.")
  var maxNewTokens: Int = 256
  @OptionGroup(title: "Computing") var compute: ComputeOptions
  @Flag(help: "Print one JSON object instead of words.")
  var json = false

  func validate() throws {
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
    request.memory = compute.memory
    request.mostNewTokens = maxNewTokens
    let session = try Session(
      modelFolder: model, options: compute.modelOptions, threads: compute.threads)
    let document = PlanDocument(try session.plan(request))
    TerminalOutput.write(json ? try JSONText.encode(document) + "\n" : document.words)
  }
}
