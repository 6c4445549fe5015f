import ArgumentParser
import Basics
import Diagnostics
import Engine
import MemoryPlanner
import Models
import OptionArguments
import Options
import Report

/// Shows what a question would need, without computing it.
struct PlanCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan",
    abstract: "Say how much memory a question would need and what would be given up to fit.",
    discussion: """
      Media are decoded to know their sizes; the model computes nothing. Times follow from the \
      operations of each stage and from how fast two products run now. The chart shows how many \
      visual tokens would be left within smaller and larger budgets.
      """)

  /// 79 columns with the labels of the axis.
  private static let chartColumns = 70

  @Option(help: "The model: a folder, a GGUF file, or ollama:NAME[:TAG].")
  var model: String
  @OptionGroup var projector: ProjectorOption
  @Argument(help: "Pictures and videos.")
  var files: [String] = []
  @Option(help: "What would be asked.")
  var prompt: String = "Describe it."
  @OptionGroup var question: OptionArguments<OptionSections.Question>
  @OptionGroup(title: "Merging") var merging: OptionArguments<OptionSections.Merging>
  @OptionGroup var media: OptionArguments<OptionSections.Media>
  @OptionGroup(title: "Computing") var compute: ComputeOptions
  @OptionGroup(title: "Memory") var memory: MemoryOptions
  @Flag(help: "Print one JSON object instead of words.")
  var json = false

  func run() throws {
    try exiting { try plan() }
  }

  private func plan() throws(Failure) {
    let options = try question.chosen().filled(from: merging.chosen())
      .filled(from: media.chosen()).filled(from: memory.floor.chosen())
    var request = try Request(prompt: prompt, options: options)
    request.media = files.map { MediaItem(path: $0) }
    memory.limit(&request.memory)
    let place = projector.place(model)
    let session = try Session(
      place, options: compute.modelOptions(for: place), threads: compute.threads,
      memory: request.memory)
    let outlook = try session.outlook(request, points: Self.chartColumns)
    // After the plan, because measuring takes 64 MiB for a moment.
    let document = PlanDocument(
      outlook, rates: try ComputeRates.measured(threads: session.threads))
    TerminalOutput.write(
      json ? try JSONText.encode(document) + "\n" : PlainText.lines(document.words))
  }
}
