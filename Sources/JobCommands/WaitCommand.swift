import Basics
import ArgumentParser
import Diagnostics
import Spool
import Terminal
import WorkerProtocol

@preconcurrency import Glibc

/// `illava wait`: waits until jobs have ended.
struct WaitCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "wait", abstract: "Wait until jobs are at their end.",
    discussion: """
      Prints the answers. Exit status: 0 when all are answered, else that of the first job that \
      was not (65 bad media or job, 66 missing file, or an answer that is not in the outbox any \
      more, 70 fault or cancelled), 75 when the time is up.
      """)
  @OptionGroup var options: SpoolOptions
  @Argument(help: "The beginnings of ids, or names of files.")
  var jobs: [String]
  @Option(help: "The longest wait, such as 10m.")
  var timeout: String?

  func run() throws {
    try exiting {
      let client = try options.client()
      let store = try client.records()
      let ids = try jobs.map { text throws(Failure) in try client.id(text, in: store) }
      try JobWait(client: client, isJSON: options.json, timeout: timeout).wait(for: ids)
    }
  }
}

/// Waits for jobs and prints their outcomes, in the order given.
struct JobWait {
  let client: SpoolClient
  let isJSON: Bool
  let timeout: String?

  func wait(for ids: [String]) throws {
    var end = Int.max
    if let timeout {
      guard let seconds = TimeSpan.parse(timeout) else {
        throw Failure(
          .usage, code: .commandTime, "“\(timeout)” is not a time",
          remedy: "Give a number and a unit, such as 30s or 10m.")
      }
      end = SpoolClock.system.steady().addingClamped(Int(clamping: seconds * 1000))
    }
    let store = try client.records()
    var status: Int32 = 0
    for id in ids {
      let job = try final(id, store, end)
      let answer = try client.answer(job)
      if isJSON {
        try JSONOutput.print(JobEntry(job))
      } else {
        print(job, answer, isOne: ids.count == 1)
      }
      if status == 0 { status = Self.status(job, hasAnswer: answer != nil) }
    }
    if status != 0 { throw ExitCode(status) }
  }

  private func final(_ id: String, _ store: any JobRecords, _ end: Int) throws -> Job {
    while true {
      // A job that was just submitted is not in the store yet.
      if let job = try store.job(id), job.state.isFinal { return job }
      guard SpoolClock.system.steady() < end else {
        throw Failure(
          .outOfMemory, code: .commandTimeout, "job \(id) is not at its end yet",
          remedy: "Run illava status to see what it waits for.")
      }
      usleep(150_000)
    }
  }

  /// The exit status for a job that has ended: 0 if its answer exists.
  static func status(_ job: Job, hasAnswer: Bool) -> Int32 {
    if hasAnswer { return 0 }
    return (job.state == .done ? SpoolClient.goneAnswer(job).kind : job.error?.kind ?? .fault)
      .exitStatus
  }

  private func print(_ job: Job, _ answer: JobAnswer?, isOne: Bool) {
    if let answer {
      for text in answer.texts {
        let prefix = isOne && answer.texts.count == 1 ? "" : "\(TextWidth.plain(job.name)): "
        TerminalOutput.write("\(prefix)\(PlainText.lines(text.answer))\n")
      }
      fflush(stdout)
      for (name, words) in JobText.remarks(job, answer: answer) where name == JobText.warning {
        fputs("\(name): \(PlainText.line(words))\n", stderr)
      }
      return
    }
    fflush(stdout)
    let error = job.state == .done ? ErrorReport(SpoolClient.goneAnswer(job)) : job.error
    let reason = error.map { "\($0.message) [\($0.code)]" } ?? job.state.rawValue
    let line = "\(job.id) \(job.state.rawValue): \(PlainText.lines(reason))\n"
    fputs(line, stderr)
    if let remedy = error?.remedy { fputs("  \(PlainText.lines(remedy))\n", stderr) }
  }
}
