import ArgumentParser
import Diagnostics
import Engine
import Media
import Models
import OptionArguments
import Options
import Report

@preconcurrency import Glibc

/// Answers one question without the daemon.
struct RunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Ask one question about pictures or videos and print the answer.",
    discussion: """
      The answer goes to standard output as it is written; progress and warnings go to standard \
      error. Pictures come before videos in the prompt, each in the order given.

      Exit status: 0 answered, 64 wrong usage, 65 unusable media, 66 missing file, 69 unusable \
      model, 70 internal fault, 75 not enough memory now.
      """)

  @Option(help: "The model: a Hugging Face folder with config.json and safetensors files.")
  var model: String
  @Option(parsing: .singleValue, help: "A picture; may be given several times.")
  var image: [String] = []
  @Option(help: "A folder whose pictures are all shown, by name.")
  var images: String?
  @Option(parsing: .singleValue, help: "A video; may be given several times.")
  var video: [String] = []
  @Option(help: "What is asked.")
  var prompt: String
  @OptionGroup var question: QuestionArguments
  @Option(help: "Larger pictures are refused before they are decoded.")
  var maxSourcePixels: Int = 100_000_000
  @Flag(help: "Go on past the model's stop tokens.")
  var ignoreStopTokens = false
  @OptionGroup(title: "Computing") var compute: ComputeOptions
  @OptionGroup(title: "Memory") var memory: MemoryOptions

  @Option(
    help: ArgumentHelp(
      "Write pictures of what was looked at, a page with them and answer.json into this folder.",
      valueName: "folder"))
  var visualize: String?
  @Option(
    help: "Which pictures: final (what was left, and how it came about) or all (every layer).")
  var visualizeWhat: Visualization = .final
  @Flag(help: "Print one JSON object instead of the bare answer.")
  var json = false
  @Option(
    help: ArgumentHelp(
      "Write what other implementations can be compared with.", valueName: "file.safetensors"))
  var dump: String?
  @Flag(help: "Write the rows after every layer, too.")
  var dumpTraces = false

  func validate() throws {
    if dumpTraces, dump == nil { throw ValidationError("--dump-traces belongs to --dump") }
    if maxSourcePixels < 1 { throw ValidationError("--max-source-pixels must be at least 1") }
  }

  func run() throws {
    try exiting { try answer() }
  }

  private func answer() throws(Failure) {
    let request = try self.request()
    let report = try visualize.map { path throws(Failure) in try ReportFolder(path: path) }
    var stage: ComputeObserver.Stage?
    do throws(Failure) {
      try answer(request, report: report, stage: &stage)
    } catch {
      let page = FailurePage(error, stage: stage, request: request, model: description)
      // The first failure is the one to report.
      try? report?.write(page)
      throw error
    }
  }

  private var description: AnswerDocument.Model {
    AnswerDocument.Model(path: model, weights: compute.weights.rawValue)
  }

  private func answer(
    _ request: Request, report: ReportFolder?, stage reached: inout ComputeObserver.Stage?
  ) throws(Failure) {
    let progress = ProgressBar(isShown: isatty(STDERR_FILENO) == 1)
    progress.show("loading", 0)
    let clock = ContinuousClock()
    let start = clock.now
    let session = try Session(
      modelFolder: model, options: compute.modelOptions, threads: compute.threads,
      memory: request.memory)
    let load = (clock.now - start) / .seconds(1)

    var events = SessionEvents()
    var current: ComputeObserver.Stage?
    defer { reached = current }
    events.progress = { stage, share in
      current = stage
      if stage != .decode { progress.show(stage.rawValue, share) } else { progress.clear() }
    }
    if !json {
      // Only the answer goes to the standard output.
      var isThinking = false
      events.thought = { piece in
        progress.clear()
        isThinking = true
        fputs(PlainText.lines(piece), stderr)
      }
      events.text = { piece in
        progress.clear()
        if isThinking { fputs("\n\n", stderr) }
        isThinking = false
        TerminalOutput.write(PlainText.lines(piece))
      }
    }
    let collected = dump == nil ? nil : AnswerDump(keepsTraces: dumpTraces)
    let answer = try session.answer(request, events: events, dump: collected)
    progress.clear()
    if let dump { try collected?.write(to: dump) }
    let document: AnswerDocument
    if let report {
      document = try report.write(
        answer, request: request, model: description, load: load, visualization: visualizeWhat)
    } else {
      document = AnswerDocument(answer, request: request, model: description, load: load)
    }
    if json {
      TerminalOutput.write(try document.json() + "\n")
    } else {
      TerminalOutput.write("\n")
      for warning in document.warnings { fputs("note: \(PlainText.line(warning))\n", stderr) }
    }
  }

  private func request() throws(Failure) -> Request {
    var request = try Request(
      prompt: prompt, options: question.chosen().filled(from: memory.floor.chosen()))
    let folder = try images.map { path throws(Failure) in try ImageFolder.pictures(in: path) }
    request.media =
      (image + (folder ?? [])).map { MediaItem(path: $0, kind: .image) }
      + video.map { MediaItem(path: $0, kind: .video) }
    request.limits.maxPixels = maxSourcePixels
    memory.limit(&request.memory)
    request.stops = !ignoreStopTokens
    request.keepsVisuals = visualize != nil && visualizeWhat != .none
    request.drawing = ReportFolder.drawingBytes
    return request
  }
}

extension Visualization: ExpressibleByArgument {}
