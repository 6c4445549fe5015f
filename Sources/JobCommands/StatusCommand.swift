import Basics
import ArgumentParser
import Diagnostics
import Spool
import Terminal
import WorkerProtocol

@preconcurrency import Glibc

/// `illava status`: shows the state of the spool.
struct StatusCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status", abstract: "Show the queue, what runs, and the last answers.")
  @OptionGroup var options: SpoolOptions
  @Flag(help: "Show it again every second, until Control-C.")
  var watch = false

  func run() throws {
    try exiting {
      let client = try options.client()
      repeat {
        let page = try StatusPage(client)
        if options.json {
          try JSONOutput.print(page.entry)
        } else {
          var lines = page.lines(width: TerminalSize.columns, style: Style())
          let isTerminal = isatty(STDOUT_FILENO) == 1
          // One line more than the terminal has rows would scroll the others up.
          if watch, let rows = TerminalSize.rows { lines = Array(lines.prefix(max(1, rows - 1))) }
          // Each line is cleared to its end, and the rest of the screen after the last line, so that
          // nothing flickers.
          let text =
            watch && isTerminal
            ? "\u{1B}[H" + lines.map { $0 + "\u{1B}[K\n" }.joined() + "\u{1B}[J"
            : lines.joined(separator: "\n") + "\n"
          TerminalOutput.write(text)
        }
        if watch { sleep(1) }
      } while watch
    }
  }
}

/// Everything that `illava status` shows.
struct StatusPage {
  /// The page for programs.
  struct Entry: Encodable {
    let spool: String
    let daemon: LiveStatus?
    let jobs: [String: Int]
    let jobs_with_warnings: Int?
    let oldest_waiting: Int?
    let requests_waiting: Int
  }

  let entry: Entry
  private let overview: StoreOverview
  private let last: [Job]
  /// Jobs that wait because there is not enough memory now.
  private let waiting: [Job]

  init(_ client: SpoolClient) throws { try self.init(client, live: client.live()) }

  /// - Parameter live: what the daemon says; `nil` where there is none.
  init(_ client: SpoolClient, live: LiveStatus?) throws {
    let store = try client.records()
    let overview = try store.overview()
    self.overview = overview
    last = try store.lastChanged(in: [.done, .failed, .cancelled], limit: 5)
    waiting = try store.jobs(
      in: [.waitingMemory], newestFirst: false, limit: 3, after: nil)
    entry = Entry(
      spool: client.root, daemon: live,
      jobs: Dictionary(
        uniqueKeysWithValues: JobState.allCases.map { ($0.rawValue, overview.count($0)) }),
      jobs_with_warnings: overview.warned, oldest_waiting: overview.oldestWaiting,
      requests_waiting: overview.requestsWaiting)
  }

  /// The page in lines, none wider than `width`.
  func lines(width: Int?, style: Style) -> [String] {
    var lines: [String] = []
    func add(_ name: String, _ text: String, _ meaning: Style.Meaning = .plain) {
      let title = name + String(repeating: " ", count: max(1, 10 - name.count))
      let plain = TextWidth.plain(text)
      let fitting = width.map { TextWidth.cut(plain, to: max(0, $0 - title.count)) } ?? plain
      lines.append(style.text(title, .faint) + style.text(fitting, meaning))
    }
    add("spool", entry.spool)
    if let live = entry.daemon {
      let state = live.isDraining ? "stopping" : live.isPaused ? "paused" : "running"
      add(
        "daemon",
        "\(state), up \(JobText.age(live.started)), process \(live.process), "
          + "\(ByteCount.text(live.memory)); \(ByteCount.text(live.freeBytes)) free",
        live.isPaused || live.isDraining ? .busy : .good)
      // The disk is slow, or the daemon hangs and its watchdog is about to end it.
      if let age = live.age, age >= 2 {
        add("busy", "what follows was so \(TimeSpan.text(seconds: age)) ago", .busy)
      }
      add("model", live.model)
      if let obstacle = live.obstacle {
        add("waits", obstacle.message, .bad)
        if let remedy = obstacle.remedy { add("", remedy) }
      }
      add("inbox", watcherText(live))
      for notice in live.notices ?? [] {
        add("notice", "\(JobText.time(notice.time)): \(notice.text)", .busy)
      }
      if let lost = live.lostLines, lost > 0 {
        add("log", "\(lost) lines were lost: nobody read them", .bad)
      }
    } else {
      add("daemon", "not running; jobs wait", .bad)
    }
    add("queue", queueText)
    if entry.requests_waiting > 0 {
      add("requests", "\(entry.requests_waiting) wait for the daemon", .busy)
    }
    for running in entry.daemon?.running ?? [] { lines += text(running, width, style) }
    for job in waiting { add("memory", "\(job.name) waits: \(job.error?.message ?? "")", .busy) }
    for waiting in (entry.daemon?.incomplete ?? []).prefix(5) {
      add("pending", "\(waiting.path) \(waiting.reason)", .busy)
    }
    for waiting in (entry.daemon?.refused ?? []).prefix(5) {
      add("refused", "\(waiting.path) \(waiting.reason)", .bad)
    }
    if let left = entry.daemon?.leftAlone { add("left", text(left)) }
    if !last.isEmpty {
      lines.append("")
      lines += JobText.lines(last, width: width, style: style)
    }
    return lines
  }

  /// The count and one file of each of two kinds.
  private func text(_ left: LiveStatus.LeftAlone) -> String {
    var kinds: Set<String> = []
    let names = left.files.filter { kinds.insert($0.kind).inserted }.prefix(2).map(\.path)
    let what = left.count == 1 ? "1 file is no job" : "\(left.count) files are no jobs"
    return "\(what); illava doctor says why: " + names.joined(separator: ", ")
      + (left.count > names.count ? ", …" : "")
  }

  private var queueText: String {
    var parts = JobState.allCases.compactMap { state -> String? in
      let count = overview.count(state)
      let isAlways = state == .queued || state == .done || state == .failed
      guard count > 0 || isAlways else { return nil }
      let warned = state == .done ? overview.warned ?? 0 : 0
      let note = warned > 0 ? " (\(warned) with warnings)" : ""
      return "\(count) \(state.rawValue)\(note)"
    }
    if let oldest = entry.oldest_waiting { parts.append("oldest \(JobText.age(oldest))") }
    return parts.joined(separator: ", ")
  }

  private func watcherText(_ live: LiveStatus) -> String {
    let groups = Dictionary(grouping: live.watched) { "\($0.mode) (\($0.fileSystem))" }
    return groups.sorted { $0.key < $1.key }.map { mode, folders in
      folders.count == 1 ? mode : "\(mode) × \(folders.count)"
    }.joined(separator: ", ")
  }

  private func text(
    _ running: LiveStatus.Running, _ width: Int?, _ style: Style
  ) -> [String] {
    // A long name is cut to make room for the values that change every second.
    var text = ", \(TimeSpan.text(seconds: running.seconds))"
    if let remaining = running.remaining {
      text += ", about \(TimeSpan.text(seconds: remaining)) left"
    }
    if let memory = running.memory { text += ", \(ByteCount.text(memory))" }
    if running.attempt > 1 { text += ", attempt \(running.attempt)" }
    var name = TextWidth.plain(running.name)
    if let width {
      name = TextWidth.cut(name, to: max(8, width - 10 - TextWidth.columns(text)))
      text = TextWidth.cut(text, to: max(0, width - 10 - TextWidth.columns(name)))
    }
    var lines = [style.text("working   ", .faint) + style.text(name + text, .busy)]
    if let progress = running.progress {
      let bar = Bar.text(progress.share, width: 24)
      var stage = "\(progress.stage) \(Int(clamping: progress.share * 100)) %"
      if progress.prompts > 1 {
        stage += ", question \(progress.prompt.addingClamped(1)) of \(progress.prompts)"
      }
      lines.append("          \(bar) \(TextWidth.plain(stage))")
    }
    return lines
  }
}
