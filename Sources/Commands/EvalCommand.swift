import Basics
import ArgumentParser
import Diagnostics
import Engine
import Evaluation
import FoundationEssentials
import MemoryPlanner
import Models
import OptionArguments
import Options

@preconcurrency import Glibc

/// Measures how well a model answers a data set under several profiles, side by side.
struct EvalCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "eval",
    abstract: "Answer a data set under several profiles: accuracy, tokens, seconds, memory.",
    discussion: """
      The data are a VLMEvalKit table (NAME.tsv) or lines of JSON with media, question and answer \
      (NAME.jsonl). Every answer goes into a log at once; a run that was stopped goes on where it \
      was. Rows that cannot be asked are reported and counted.

      A profile is one of \(VariantList.names.joined(separator: ", ")), and may differ in options: \
      exact:vit-mode=1:vit-k=3-4-5-6. random drops groups and tokens by chance, random-vit \
      groups only; resize shows smaller pictures with as many tokens as the default leaves.
      """)

  @Option(
    help: """
      The model: a Hugging Face folder with config.json and safetensors files, a GGUF file, or \
      ollama:NAME[:TAG].
      """)
  var model: String
  @OptionGroup var projector: ProjectorOption
  @Option(help: "The questions: a .tsv or .jsonl file.")
  var data: String
  @Option(help: "Profiles to compare, joined by commas.")
  var profile: String = "off,default,random,resize"
  @Option(
    help: ArgumentHelp(
      "Shares of visual tokens to be left in the end; every profile runs at each of them.",
      valueName: "share,…"))
  var retention: String?
  @Option(
    help: ArgumentHelp(
      "Amounts of memory, such as 90M,100M; every profile runs within each (default: unplanned).",
      valueName: "bytes,…"))
  var memory: String?
  @Option(help: "Only so many rows, from the first.")
  var limit: Int?
  @Option(help: "The log of results (default: DATA.eval.jsonl).")
  var log: String?
  @Flag(help: "Discard the log and begin anew.")
  var fresh = false
  @Option(help: "Text added behind open questions.")
  var instruction: String?
  @Flag(
    help: ArgumentHelp(
      "Answer by choices, and fit the two numbers of --choice-calibration.",
      discussion: """
        The choices are the letters of options, otherwise those of --choice, or Yes and No. The table \
        tells accuracy and expected calibration error before and after; after is measured on one half \
        of the questions with the numbers that fit the other.
        """))
  var calibrate = false
  @OptionGroup var question: OptionArguments<EvaluationOptions>
  @OptionGroup(title: "Computing") var compute: ComputeOptions
  @Flag(help: "Print one JSON object instead of tables.")
  var json = false
  @Option(
    help: ArgumentHelp(
      "Draw accuracy against tokens kept (with --memory: both against memory), and write the results beside it as FILE.json.",
      valueName: "file.svg"))
  var curve: String?

  func validate() throws {
    if let limit, limit < 1 { throw ValidationError("--limit must be at least 1") }
  }

  func run() throws {
    try exiting { try evaluate() }
  }

  private func evaluate() throws(Failure) {
    var chosen = try question.chosen()
    let seed = chosen.mergeSeed ?? 0
    chosen.mergeSeed = nil
    guard chosen.maxNewTokens != 0 else {
      throw Failure(
        .usage, code: .optionValue, "no question is answered with --max-new-tokens 0",
        remedy: "Give 1 or more.")
    }
    let progress = ProgressBar(isShown: isatty(STDERR_FILENO) == 1)
    progress.show("reading", 0)
    let set = try DataSet(path: data)
    progress.show("loading", 0)
    let place = projector.place(model)
    let session = try Session(
      place, options: compute.modelOptions(for: place), threads: compute.threads)
    let variants = try VariantList.parse(
      profile, retentions: try retentions(), memory: try amounts(), seed: seed,
      model: session.model)
    progress.show("hashing", 0)
    let settings = settings(chosen)
    let results = try EvaluationLog(
      path: log ?? data + ".eval.jsonl",
      header: EvaluationLog.Header(
        data: set.sha256, model: try ModelDigest.files(of: place),
        settings: settings.description), fresh: fresh)
    let report = try Evaluation(session, set, variants, settings: settings, log: results).run(
      limit: limit,
      progress: { state in
        progress.show(
          "\(state.done) of \(state.all), \(state.variant)",
          Double(state.done) / Double(max(1, state.all)))
      })
    progress.clear()
    if results.unreadableLines > 0 {
      fputs("note: \(results.unreadableLines) damaged lines of the log were passed over\n", stderr)
    }
    if let curve { try draw(report, to: curve) }
    TerminalOutput.write(json ? try report.json() : PlainText.lines(report.table))
  }

  private func retentions() throws(Failure) -> [Double] {
    guard let retention else { return [] }
    let parts = retention.split(separator: ",", omittingEmptySubsequences: false)
    let shares = parts.compactMap { Double($0) }
    guard shares.count == parts.count else {
      throw Failure(
        .usage, code: .evaluationRetention, "“\(retention)” is not a list of shares",
        remedy: "Give shares joined by commas, such as 0.5,0.35,0.25,0.15.")
    }
    return shares
  }

  private func amounts() throws(Failure) -> [Int] {
    guard let memory else { return [] }
    let parts = memory.split(separator: ",", omittingEmptySubsequences: false)
    let amounts = parts.compactMap { ByteCount.parse(String($0)) }.filter { 1..<1 << 52 ~= $0 }
    guard amounts.count == parts.count else {
      throw Failure(
        .usage, code: .evaluationMemory, "“\(memory)” is not a list of amounts of memory",
        remedy: "Give amounts joined by commas, such as 90M,100M,1.5G.")
    }
    return amounts
  }

  private func settings(_ chosen: QuestionOptions) -> EvaluationSettings {
    var settings = EvaluationSettings()
    settings.options = chosen
    settings.instruction = instruction
    settings.calibrates = calibrate
    settings.weights = compute.precision(for: projector.place(model)).rawValue
    return settings
  }

  private func draw(_ report: EvaluationReport, to path: String) throws(Failure) {
    guard let drawing = AccuracyCurve(report) else {
      fputs("note: nothing was answered, so there is nothing to draw\n", stderr)
      return
    }
    let stem = path.hasSuffix(".svg") ? String(path.dropLast(4)) : path
    for (name, text) in [(path, drawing.svg), (stem + ".json", try report.json())] {
      do { try Data(text.utf8).write(to: URL(filePath: name), options: .atomic) } catch {
        throw Failure(
          .missingInput, code: .evaluationCurve, "\(name) cannot be written: \(error)",
          remedy: "Give a place that you may write in.")
      }
    }
  }
}
