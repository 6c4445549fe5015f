import Basics
import ArgumentParser
import Diagnostics
import Spool
import Terminal
import WorkerProtocol

/// `illava show`: shows everything about a job.
struct ShowCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Show a job: what was asked, what became of it.",
    discussion: """
      With --json, the job's answer.json on one line. A job without an answer has the same document \
      with what is known of it.
      """)

  @OptionGroup var options: SpoolOptions
  @Argument(help: "The beginning of its id, or the name of its file.")
  var job: String

  func run() throws {
    try exiting {
      let client = try options.client()
      let store = try client.records()
      let id = try client.id(job, in: store)
      guard let job = try store.job(id) else { return }
      let attempts = try store.attempts(of: id)
      if options.json {
        TerminalOutput.write(PlainText.json(try client.document(job, attempts)) + "\n")
      } else {
        try show(job, attempts, client)
      }
    }
  }

  /// The column at which values begin.
  private static let indent = 11

  private func show(_ job: Job, _ attempts: [Attempt], _ client: SpoolClient) throws {
    let style = Style()
    let width = TerminalSize.columns
    func line(_ name: String, _ text: String, _ meaning: Style.Meaning = .plain) {
      let plain = TextWidth.plain(text)
      let lines = width.map { TextWidth.wrapped(plain, to: $0 - Self.indent) } ?? [plain]
      for (index, line) in lines.enumerated() {
        let title = index == 0 ? name : ""
        let padding = String(repeating: " ", count: Self.indent - title.count)
        TerminalOutput.write("\(style.text(title + padding, .faint))\(style.text(line, meaning))\n")
      }
    }
    line("id", job.id)
    line("name", job.name, .title)
    line("state", job.state.rawValue, JobText.meaning(job.state))
    line("taken", "\(JobText.time(job.created)), \(JobText.age(job.created)) ago")
    if job.claim.priority != 0 { line("priority", "\(job.claim.priority)") }
    if let earlier = job.claim.followUp { line("follows up", earlier) }
    for medium in job.claim.media {
      line("media", "\(medium.name), \(ByteCount.text(medium.size))")
    }
    if job.state.isWaiting, job.notBefore > SpoolClock.system.wall() {
      line("not before", JobText.time(job.notBefore))
    }
    if let duplicateOf = job.duplicateOf { line("same as", duplicateOf) }
    if let error = job.error, job.state != .done {
      let isWaiting = job.state == .waitingMemory
      line(
        isWaiting ? "waits for" : "error", "\(error.message) [\(error.code)]",
        isWaiting ? .busy : .bad)
      if let remedy = error.remedy { line("", remedy) }
    }
    if let summary = job.summary {
      line("tokens", "\(summary.visualTokens) visual, \(summary.visualTokensLeft) after merging")
      let predicted = summary.predictedMemory.map { ", \(ByteCount.text($0)) predicted" }
      line("memory", ByteCount.text(summary.peakMemory) + (predicted ?? ""))
      for words in summary.adaptations ?? [] { line("given up", words, .busy) }
    }
    var answer: JobAnswer?
    do {
      answer = try client.answer(job)
      if answer == nil, job.state == .done {
        line("answer", job.isCleaned ? "cleaned away" : "no longer in the outbox", .bad)
      }
    } catch {
      line("answer", "\(error.message) [\(error.code)]", .bad)
    }
    if let path = answer?.path ?? client.failurePath(job) { line("document", path) }
    for (name, words) in JobText.remarks(job, answer: answer) {
      line(name, words, name == JobText.warning ? .bad : .plain)
    }
    if answer == nil { for prompt in job.claim.prompts { line("asked", prompt) } }
    if !attempts.isEmpty {
      TerminalOutput.write("\n")
      JobText.print(table(attempts))
    }
    for text in answer?.texts ?? [] { show(text, style) }
  }

  private func show(_ text: AnswerText, _ style: Style) {
    TerminalOutput.write(
      "\n\(style.text(TextWidth.plain(text.prompt), .faint))\n\(PlainText.lines(text.answer))\n")
    if let ending = text.ending { TerminalOutput.write(style.text("(\(ending))", .bad) + "\n") }
  }

  private func table(_ attempts: [Attempt]) -> Table {
    var table = Table([
      Table.Column("TRY", isNumber: true), Table.Column("BEGUN"), Table.Column("TOOK"),
      Table.Column("ENDED"), Table.Column("MEMORY", isNumber: true),
      Table.Column("DETAIL", isFlexible: true),
    ])
    for attempt in attempts {
      let took = attempt.ended.map {
        TimeSpan.text(seconds: Double($0.subtractingClamped(attempt.started)) / 1000)
      }
      table.add([
        Table.Cell("\(attempt.number)"), Table.Cell(JobText.time(attempt.started)),
        Table.Cell(took ?? "…"),
        Table.Cell(
          attempt.ending?.rawValue ?? "running", attempt.ending == .done ? .good : .busy),
        Table.Cell(attempt.peakMemory.map { ByteCount.text($0) } ?? ""),
        Table.Cell(attempt.detail ?? ""),
      ])
    }
    return table
  }
}
