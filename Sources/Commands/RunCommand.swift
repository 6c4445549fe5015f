import Answers
import ArgumentParser
import Basics
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
    abstract: "Ask about pictures or videos and print the answer.",
    discussion: """
      The answer goes to standard output as it is written; progress and warnings go to standard \
      error. Pictures come before videos in the prompt, each in the order given. With --chat, further \
      questions are read from standard input, one a line; the media are not looked at again for them.

      Exit status: 0 answered, 64 wrong usage, 65 unusable media, 66 missing file, 69 unusable \
      model, 70 internal fault, 75 not enough memory now.
      """)

  @Option(
    help: """
      The model: a Hugging Face folder with config.json and safetensors files, a GGUF file, or \
      ollama:NAME[:TAG].
      """)
  var model: String
  @OptionGroup var projector: ProjectorOption
  @Option(parsing: .singleValue, help: "A picture; may be given several times.")
  var image: [String] = []
  @Option(help: "A folder whose pictures are all shown, by name.")
  var images: String?
  @Option(parsing: .singleValue, help: "A video; may be given several times.")
  var video: [String] = []
  @Option(help: "What is asked.")
  var prompt: String?
  @Flag(help: "Read further questions from standard input, a line each, until it ends.")
  var chat = false
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
    if prompt == nil, !chat {
      throw ValidationError("Missing expected argument '--prompt <prompt>'")
    }
    if chat, dump != nil { throw ValidationError("--dump is about one question, without --chat") }
    if chat, prompt == nil, visualize != nil {
      throw ValidationError("--visualize shows the first question: give it with --prompt")
    }
    if dumpTraces, dump == nil { throw ValidationError("--dump-traces belongs to --dump") }
    if maxSourcePixels < 1 { throw ValidationError("--max-source-pixels must be at least 1") }
  }

  func run() throws {
    try exiting { try answer() }
  }

  private func answer() throws(Failure) {
    let request = try self.request()
    let report = try visualize.map { path throws(Failure) in try ReportFolder(path: path) }
    let output = AnswerOutput(json: json)
    let asked = RunOrigin(request)
    do throws(Failure) {
      try answer(request, asked, report: report, to: output)
    } catch {
      let page = FailurePage(error, stage: output.stage, request: request, model: description)
      let document = failed(error, asked, request, output)
      // The first failure is the one to report.
      try? report?.write(page, document)
      output.fail(document)
      throw error
    }
  }

  /// The document of a question that was not answered.
  private func failed(
    _ failure: Failure, _ asked: RunOrigin, _ request: Request, _ output: AnswerOutput
  ) -> AnswerDocument {
    asked.failed(failure, stage: output.stage?.rawValue, request: request, model: description)
  }

  private var description: AnswerDocument.Model {
    AnswerDocument.Model(path: model, weights: compute.precision(for: place).rawValue)
  }

  private var place: ModelPlace { projector.place(model) }

  private func answer(
    _ request: Request, _ asked: RunOrigin, report: ReportFolder?, to output: AnswerOutput
  ) throws(Failure) {
    output.load()
    let clock = ContinuousClock()
    let start = clock.now
    let session = try Session(
      place, options: compute.modelOptions(for: place), threads: compute.threads,
      memory: request.memory)
    let load = (clock.now - start) / .seconds(1)
    session.remembersMedia = chat
    var turns: [Turn] = []
    if let prompt {
      let answer = try ask(request, asked, session, output, report: report, load: load)
      turns.append(Turn(question: prompt, answer: answer.text))
    }
    if chat { try converse(request, after: turns, session, output) }
  }

  /// Answers the questions of the standard input. What is wrong with one of them does not end the others.
  private func converse(
    _ request: Request, after turns: [Turn], _ session: Session, _ output: AnswerOutput
  ) throws(Failure) {
    var request = request
    request.turns = turns
    // Pictures are those of the first question.
    request.keepsVisuals = false
    let input = ChatInput()
    while let question = input.next() {
      request.prompt = question
      let asked = RunOrigin(request)
      do throws(Failure) {
        let answer = try ask(request, asked, session, output, report: nil, load: 0)
        request.turns.append(Turn(question: question, answer: answer.text))
      } catch {
        guard !request.turns.isEmpty, error.kind == .badInput || error.kind == .outOfMemory
        else { throw error }
        output.fail(error)
        output.fail(failed(error, asked, request, output))
      }
    }
  }

  /// Answers one question and prints what belongs to it.
  private func ask(
    _ request: Request, _ asked: RunOrigin, _ session: Session, _ output: AnswerOutput,
    report: ReportFolder?, load: Double
  ) throws(Failure) -> Answer {
    let collected = dump == nil ? nil : AnswerDump(keepsTraces: dumpTraces)
    let answer = try session.answer(request, events: output.events, dump: collected)
    if let dump { try collected?.write(to: dump) }
    let document: AnswerDocument
    var model = description
    model.family = session.identity?.family
    model.digest = session.identity?.digest
    if let report {
      document = try report.write(
        answer, request: request, origin: asked.origin, model: model, load: load,
        visualization: visualizeWhat)
    } else {
      document = AnswerDocument(
        answer, request: request, origin: asked.origin.ended("done", Timestamp.now), model: model,
        load: load)
    }
    try output.finish(document, boxes: BoxText.lines(answer))
    return answer
  }

  private func request() throws(Failure) -> Request {
    var request = try Request(
      prompt: prompt ?? "", options: question.chosen().filled(from: memory.floor.chosen()))
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
