import Basics
import ArgumentParser
import Diagnostics
import Spool
import Terminal

/// The options shared by all commands that change jobs.
struct ChangeOptions: ParsableArguments {
  @OptionGroup var options: SpoolOptions
  @Argument(help: "The beginnings of ids, or names of files.")
  var jobs: [String] = []

  /// Asks the daemon to change the jobs, and prints the result.
  func change(_ command: ControlRequest.Command) throws {
    try exiting {
      let client = try options.client()
      let store = try client.records()
      let ids = try jobs.map { text throws(Failure) in try client.id(text, in: store) }
      try ChangeReport.ask(ControlRequest(command, ids: ids), client, isJSON: options.json)
    }
  }

  func validate() throws {
    if jobs.isEmpty { throw ValidationError("Name at least one job.") }
  }
}

/// Asks for a change and prints the result.
enum ChangeReport {
  static func ask(_ request: ControlRequest, _ client: SpoolClient, isJSON: Bool) throws {
    guard let reply = try client.change(request) else {
      let text = "no daemon is running: this waits until one is started"
      if isJSON {
        try JSONOutput.print(ControlReply.Result(id: nil, changed: false, message: text))
      } else {
        TerminalOutput.write(text + "\n")
      }
      return
    }
    for result in reply.results {
      if isJSON {
        try JSONOutput.print(result)
      } else {
        TerminalOutput.write(
          (result.id.map { "\($0): " } ?? "") + PlainText.lines(result.message) + "\n")
      }
    }
    // For scripts: none of the jobs could be changed.
    if !reply.results.isEmpty, !request.ids.isEmpty, reply.results.allSatisfy({ !$0.changed }) {
      throw ExitCode(Failure.Kind.badInput.exitStatus)
    }
  }
}

/// `illava cancel`.
struct CancelCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cancel", abstract: "End jobs for good; their files go to failed/.")
  @OptionGroup var change: ChangeOptions
  func run() throws { try change.change(.cancel) }
}

/// `illava hold`.
struct HoldCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "hold", abstract: "Put waiting jobs aside.")
  @OptionGroup var change: ChangeOptions
  func run() throws { try change.change(.hold) }
}

/// `illava release`.
struct ReleaseCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "release", abstract: "Put held jobs back into the queue.")
  @OptionGroup var change: ChangeOptions
  func run() throws { try change.change(.release) }
}

/// `illava retry`.
struct RetryCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "retry", abstract: "Bring jobs back that failed or were cancelled.")
  @OptionGroup var options: SpoolOptions
  @Argument(help: "The beginnings of ids, or names of files.")
  var jobs: [String] = []
  @Flag(help: "All jobs that failed.")
  var failed = false

  func validate() throws {
    if jobs.isEmpty != failed { throw ValidationError("Name jobs, or give --failed.") }
  }

  func run() throws {
    try exiting {
      let client = try options.client()
      let store = try client.records()
      let ids = try jobs.map { text throws(Failure) in try client.id(text, in: store) }
      try ChangeReport.ask(
        ControlRequest(failed ? .retryFailed : .retry, ids: ids), client, isJSON: options.json)
    }
  }
}

/// `illava pause`.
struct PauseCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pause", abstract: "Begin no more jobs until resume; running ones go on.")
  @OptionGroup var options: SpoolOptions
  func run() throws {
    try exiting {
      try ChangeReport.ask(ControlRequest(.pause), options.client(), isJSON: options.json)
    }
  }
}

/// `illava resume`.
struct ResumeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "resume", abstract: "Go on after pause.")
  @OptionGroup var options: SpoolOptions
  func run() throws {
    try exiting {
      try ChangeReport.ask(ControlRequest(.resume), options.client(), isJSON: options.json)
    }
  }
}

/// `illava clean`.
struct CleanCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "clean",
    abstract: "Remove answers and given-up jobs: old ones, or the named ones.",
    discussion: """
      Without arguments, what the configuration keeps no longer is removed. What a job was and how \
      it ended stays in the store until outbox.keep_history has passed, or with --forget goes, too.
      """)
  @OptionGroup var options: SpoolOptions
  @Argument(help: "The beginnings of ids, or names of files.")
  var jobs: [String] = []
  @Option(help: "All that ended longer ago than this, such as 30d or 0s.")
  var olderThan: String?
  @Flag(help: "Forget the jobs, too: list, show and log know nothing of them any more.")
  var forget = false

  func validate() throws {
    if forget, jobs.isEmpty, olderThan == nil {
      throw ValidationError("Name the jobs to forget, or give --older-than.")
    }
  }

  func run() throws {
    try exiting {
      let client = try options.client()
      let store = try client.records()
      let ids = try jobs.map { text throws(Failure) in try client.id(text, in: store) }
      let seconds = olderThan.flatMap { TimeSpan.parse($0) }
      if let olderThan, seconds == nil {
        throw Failure(
          .usage, code: .commandTime, "“\(olderThan)” is not a time",
          remedy: "Give a number and a unit, such as 12h or 30d.")
      }
      try ChangeReport.ask(
        ControlRequest(.clean, ids: ids, olderThan: seconds, forgets: forget ? true : nil), client,
        isJSON: options.json)
    }
  }
}
