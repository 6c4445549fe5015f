import ArgumentParser
import Diagnostics
import Engine
import Media
import Models
import Report

@preconcurrency import Glibc

/// One question, without the daemon.
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
  @Option(help: "Instructions that come before the question.")
  var system: String?

  @OptionGroup(title: "Merging") var merging: MergingOptions

  @Option(help: "Frames looked at per second of video (default: the model's own rate, 2).")
  var fps: Double?
  @Option(help: "An exact number of frames of a video, instead of a rate.")
  var frames: Int?
  @Option(help: "The most pixels a picture or frame is shown with.")
  var maxPixels: Int?
  @Option(help: "Larger pictures are refused before they are decoded.")
  var maxSourcePixels: Int = 100_000_000

  @Option(help: "The most tokens that are generated.")
  var maxNewTokens: Int = 256
  @Flag(help: "Go on past the model's stop tokens.")
  var ignoreStopTokens = false
  @OptionGroup(title: "Choosing tokens") var sampling: SamplingOptions

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

  func validate() throws {
    if fps != nil, frames != nil {
      throw ValidationError("--fps and --frames exclude each other")
    }
    for (name, value) in [("--max-pixels", maxPixels), ("--frames", frames)] {
      if let value, value < 1 { throw ValidationError("\(name) must be at least 1") }
    }
    if let fps, !(fps > 0 && fps.isFinite) { throw ValidationError("--fps must be positive") }
    if maxNewTokens < 0 { throw ValidationError("--max-new-tokens must not be negative") }
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
      // The first failure is the one to hear of.
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
      events.text = { piece in
        progress.clear()
        TerminalOutput.write(PlainText.lines(piece))
      }
    }
    let collected = dump == nil ? nil : AnswerDump()
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
    var request = Request(prompt: prompt)
    request.system = system
    request.merging = try merging.parameters()
    let folder = try images.map { path throws(Failure) in try ImageFolder.pictures(in: path) }
    request.media =
      (image + (folder ?? [])).map { MediaItem(path: $0, kind: .image) }
      + video.map { MediaItem(path: $0, kind: .video) }
    request.framesPerSecond = fps
    request.frames = frames
    request.maxPixels = maxPixels
    request.limits.maxPixels = maxSourcePixels
    request.memory = memory.rules
    request.maxNewTokens = maxNewTokens
    request.sampling = sampling.options
    request.stops = !ignoreStopTokens
    request.keepsVisuals = visualize != nil && visualizeWhat != .none
    request.drawing = ReportFolder.drawingBytes
    return request
  }
}

extension Visualization: ExpressibleByArgument {}
