import Answers
import Basics
import Diagnostics
import Spool
import Terminal
import WorkerProtocol

@preconcurrency import Glibc

/// Words and colors for jobs.
enum JobText {
  /// The color of a state.
  static func meaning(_ state: JobState) -> Style.Meaning {
    switch state {
    case .done: .good
    case .failed: .bad
    case .running: .busy
    case .retrying, .waitingMemory: .busy
    case .held, .cancelled: .faint
    case .queued: .plain
    }
  }

  /// The shortest length, at least eight digits, at which the beginnings of all ids differ.
  static func shortLength(_ ids: [String]) -> Int {
    var length = 8
    let sorted = ids.sorted()
    for (left, right) in zip(sorted, sorted.dropFirst()) where left != right {
      let shared = zip(left, right).prefix { $0 == $1 }.count
      length = max(length, shared + 1)
    }
    return length
  }

  /// A local time such as `14:03:22`, with the date if it was not today.
  static func time(_ milliseconds: Int) -> String {
    func parts(_ time: Int) -> tm {
      var seconds = time_t(time)
      var parts = tm()
      localtime_r(&seconds, &parts)
      return parts
    }
    func two(_ number: Int32) -> String { (number < 10 ? "0" : "") + String(number) }
    let then = parts(milliseconds / 1000)
    let today = parts(Glibc.time(nil))
    let clock = "\(two(then.tm_hour)):\(two(then.tm_min)):\(two(then.tm_sec))"
    if then.tm_yday == today.tm_yday, then.tm_year == today.tm_year { return clock }
    return "\(then.tm_year + 1900)-\(two(then.tm_mon + 1))-\(two(then.tm_mday)) \(clock)"
  }

  /// Seconds since a time.
  static func age(_ milliseconds: Int) -> String {
    TimeSpan.text(seconds: Double(SpoolClock.system.wall().subtractingClamped(milliseconds)) / 1000)
  }

  /// The outcome of a job in one line.
  static func outcome(_ job: Job) -> String {
    if job.state == .done {
      var text = job.summary?.answer ?? ""
      // In front, because the end of a long answer is cut off.
      if let ending = job.summary?.ending.flatMap({ AnswerDocument.Question.ending($0) }) {
        text = "(\(ending)) " + text
      }
      return job.duplicateOf == nil ? text : "(same as before) " + text
    }
    // The name is in another column.
    let message = job.error?.message ?? ""
    let name = job.name + " "
    return message.hasPrefix(name) ? String(message.dropFirst(name.count)) : message
  }

  /// The name of lines that warn.
  static let warning = "warning"
  /// What follows the state of jobs that were answered with warnings.
  private static let mark = " !"

  /// What was said about a job that was answered: warnings, then notes.
  ///
  /// - Parameter answer: counts where the store has no summary, because the daemon ended at that moment or
  ///   was of an older version.
  static func remarks(_ job: Job, answer: JobAnswer?) -> [(name: String, words: String)] {
    let known = job.summary?.adaptations ?? []
    let other = answer?.warnings.filter { !known.contains($0) } ?? []
    let isKnown = job.summary?.warnings != nil || job.summary?.notes != nil
    let warnings = isKnown ? job.summary?.warnings ?? [] : other
    return warnings.map { (warning, $0) } + (job.summary?.notes ?? []).map { ("note", $0) }
  }

  /// Jobs as lines of a table, and what its marks mean.
  static func lines(_ jobs: [Job], width: Int?, style: Style) -> [String] {
    let lines = table(jobs).lines(width: width, style: style)
    guard jobs.contains(where: hasWarnings) else { return lines }
    let meaning = "! answered with warnings: illava show JOB says which"
    return lines + [style.text(width.map { TextWidth.cut(meaning, to: $0) } ?? meaning, .faint)]
  }

  private static func hasWarnings(_ job: Job) -> Bool { job.summary?.warnings?.isEmpty == false }

  /// Jobs as a table: id, state, age, priority, name, outcome.
  private static func table(_ jobs: [Job]) -> Table {
    var table = Table([
      Table.Column("ID"), Table.Column("STATE"), Table.Column("AGE", isNumber: true),
      Table.Column("TRIES", isNumber: true), Table.Column("NAME", isFlexible: true),
      Table.Column("OUTCOME", isFlexible: true),
    ])
    let length = shortLength(jobs.map(\.id))
    for job in jobs {
      table.add([
        Table.Cell(String(job.id.prefix(length)), .faint),
        Table.Cell(
          job.state.rawValue + (hasWarnings(job) ? mark : ""),
          hasWarnings(job) ? .busy : meaning(job.state)),
        Table.Cell(age(job.created)), Table.Cell("\(job.attempts)"), Table.Cell(job.name),
        Table.Cell(outcome(job)),
      ])
    }
    return table
  }

  /// Prints a table as wide as the terminal.
  static func print(_ table: Table) {
    for line in table.lines(width: TerminalSize.columns, style: Style()) {
      TerminalOutput.write(line + "\n")
    }
  }
}
