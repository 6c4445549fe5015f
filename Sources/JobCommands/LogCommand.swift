import ArgumentParser
import Diagnostics
import Spool
import Terminal

@preconcurrency import Glibc

/// `illava log`: shows the history of a job, or of the whole spool.
struct LogCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "log", abstract: "Print what happened to a job, or to all of them.")
  @OptionGroup var options: SpoolOptions
  @Argument(help: "The beginning of its id, or the name of its file.")
  var job: String?
  @Flag(name: .shortAndLong, help: "Go on with what happens from now on; ends with the job.")
  var follow = false

  func run() throws {
    try exiting {
      let client = try options.client()
      let store = try client.records()
      let id = try job.map { text throws(Failure) in try client.id(text, in: store) }
      var last = 0
      while true {
        // The state is read before the events, so that no event of a final job is missed.
        let isFinal = try id.map { try store.job($0)?.state.isFinal ?? true } ?? false
        let events = try store.events(of: id, after: last, limit: 200)
        for event in events { try print(event, withJob: id == nil) }
        last = events.last?.sequence ?? last
        if !events.isEmpty { continue }
        guard follow, !isFinal else { return }
        usleep(200_000)
      }
    }
  }

  private func print(_ event: JobEvent, withJob: Bool) throws {
    if options.json { return try JSONOutput.print(event) }
    let style = Style()
    let meaning: Style.Meaning =
      switch event.level {
      case .error: .bad
      case .warning: .busy
      case .notice, .info, .debug: .plain
      }
    let job = withJob ? event.job.map { $0 + " " } ?? "" : ""
    TerminalOutput.write(
      style.text(JobText.time(event.time), .faint) + " " + style.text(job, .faint)
        + style.text(TextWidth.plain(event.text), meaning) + "\n")
  }
}
