import ArgumentParser
import Diagnostics
import Spool
import Terminal

/// `illava list`: shows the jobs of a spool.
struct ListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List jobs, the latest first.")

  @OptionGroup var options: SpoolOptions
  @Option(help: "Only jobs in this state; may be given several times.")
  var state: [JobState] = []
  @Option(name: [.short, .long], help: "The most jobs that are listed; 0 for all.")
  var limit: Int = 50

  func run() throws {
    try exiting {
      let store = try options.client().records()
      let states = state.isEmpty ? JobState.allCases : state
      let jobs = try store.jobs(
        in: states, newestFirst: true, limit: limit == 0 ? -1 : limit, after: nil)
      if options.json {
        for job in jobs { try JSONOutput.print(JobEntry(job)) }
      } else if jobs.isEmpty {
        TerminalOutput.write("no jobs\n")
      } else {
        for line in JobText.lines(jobs, width: TerminalSize.columns, style: Style()) {
          TerminalOutput.write(line + "\n")
        }
      }
    }
  }
}

extension JobState: ExpressibleByArgument {}
