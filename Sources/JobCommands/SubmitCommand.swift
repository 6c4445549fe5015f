import ArgumentParser
import Diagnostics
import OptionArguments
import Options
import Spool
import Terminal

/// `illava submit`: submits files to the daemon.
struct SubmitCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "submit", abstract: "Hand in pictures and videos; each file is a job.",
    discussion: """
      The files are copied into the inbox and the ids of their jobs are printed. This works while \
      the daemon is down, too: the jobs wait in the inbox then.

      What is not chosen here is taken from the daemon's configuration, then from the defaults below.
      """)
  @OptionGroup var options: SpoolOptions
  @Argument(help: "Pictures and videos.")
  var files: [String] = []
  @Option(
    help: ArgumentHelp(
      "Ask again about the files of an answered job, which have to be kept (after_done).",
      valueName: "job"))
  var followUp: String?
  @Option(parsing: .singleValue, help: "What is asked; may be given several times.")
  var prompt: [String] = []
  @Option(help: "From -100 to 100; higher goes first.")
  var priority: Int?
  @Option(
    parsing: .singleValue,
    help: ArgumentHelp(
      "An option of the job, such as max_new_tokens=64; may be given several times.",
      valueName: "name=value"))
  var set: [String] = []
  @OptionGroup var question: QuestionArguments
  @OptionGroup(title: "Memory") var floor: OptionArguments<OptionSections.Memory>
  @Flag(help: "All files are one question.")
  var together = false
  @Flag(help: "Wait for the answers and print them.")
  var wait = false
  @Option(help: "The longest wait, such as 10m.")
  var timeout: String?

  func validate() throws {
    if files.isEmpty, followUp == nil {
      throw ValidationError("Missing expected argument '<files> ...'")
    }
    if !files.isEmpty, followUp != nil {
      throw ValidationError("--follow-up asks about the files of a job: give no others")
    }
  }

  func run() throws {
    try exiting {
      let client = try options.client()
      var submission = Submission(root: client.root)
      submission.prompts = prompt
      submission.priority = priority
      submission.options = try question.chosen().filled(from: floor.chosen())
      for text in set {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2 else {
          throw Failure(
            .usage, code: .commandSet, "“\(text)” is not a name and a value",
            remedy: "Write a name and a value, such as --set max_new_tokens=64.")
        }
        submission.named[String(parts[0])] = String(parts[1])
      }
      if let followUp {
        submission.followUp = try client.id(followUp, in: try client.records())
      }
      let ids = try (together || followUp != nil ? [files] : files.map { [$0] }).map {
        files throws(Failure) in
        try submission.submit(files)
      }
      if wait {
        try JobWait(client: client, isJSON: options.json, timeout: timeout).wait(for: ids)
      } else {
        for id in ids {
          if options.json {
            try JSONOutput.print(["id": id])
          } else {
            TerminalOutput.write(id + "\n")
          }
        }
      }
    }
  }
}
