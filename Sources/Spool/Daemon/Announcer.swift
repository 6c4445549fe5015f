import CLinux
import Diagnostics

@preconcurrency import Glibc

/// Runs the configured command once for every job that is done or given up, never twice.
final class Announcer {
  private let root: String
  let clock: SpoolClock
  var settings: Settings
  var report: (LogLevel, String?, String) -> Void = { _, _, _ in }
  /// The command for jobs that end from now on; `nil` before the first step.
  private var known: [String]?
  private var running: [(process: pid_t, job: String, end: Int)] = []

  /// The most commands at a time, and the milliseconds that each may take.
  private static let most = 4
  private static let patience = 60_000

  init(root: String, clock: SpoolClock, settings: Settings) {
    self.root = root
    self.clock = clock
    self.settings = settings
  }

  /// When to check again, by the steady clock.
  var nextTime: Int { running.isEmpty ? .max : clock.steady() + 200 }

  /// Checks on running commands and starts new ones.
  func step(_ store: JobStore) throws {
    let now = clock.steady()
    running.removeAll { entry in
      var status: Int32 = 0
      if now >= entry.end { kill(-entry.process, SIGKILL) }
      guard waitpid(entry.process, &status, WNOHANG) == entry.process else { return false }
      if linux_exited(status) == 0 || linux_exit_status(status) != 0 {
        report(.warning, entry.job, "outbox.command did not end well for this job")
      }
      return true
    }
    guard let program = settings.command.first else {
      known = nil
      return
    }
    guard running.count < Self.most else { return }
    try begin(settings.command, store)
    // The store records it before the command runs. After a crash in between, the command does not run,
    // which a user can fix; if it ran twice, that could not be undone.
    let jobs = try store.takeUnannounced(limit: Self.most - running.count)
    for job in jobs {
      do {
        running.append((try start(program, job), job.id, now + Self.patience))
      } catch {
        report(.warning, job.id, "outbox.command: \(Failure.describing(error).message)")
      }
    }
  }

  /// Records a new command, which is not run for jobs that ended before it was set. This does not
  /// compare times, because clocks can be set.
  private func begin(_ command: [String], _ store: JobStore) throws {
    guard known != command else { return }
    let words = "told\n" + command.joined(separator: "\n")
    if try store.mark("command") != words {
      try store.skipAnnouncements()
      try store.setMark("command", words)
    }
    known = command
  }

  /// Extends the time of running commands by the time that the daemon could not check on them.
  func wasAsleep(for milliseconds: Int) {
    for index in running.indices { running[index].end += milliseconds }
  }

  private func start(_ program: String, _ job: Job) throws -> pid_t {
    let folder = job.state == .done ? "outbox" : "failed"
    var environment: [String] = []
    for name in ["PATH", "HOME", "LANG", "USER"] {
      if let value = getenv(name) { environment.append("\(name)=\(String(cString: value))") }
    }
    environment += [
      "ILLAVA_ID=\(job.id)", "ILLAVA_STATE=\(job.state.rawValue)", "ILLAVA_NAME=\(job.name)",
      "ILLAVA_FOLDER=\(root)/\(folder)/\(job.duplicateOf ?? job.id)",
    ]
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
    _ = linux_spawn_close_from(&actions, 3)
    return try Spawning.spawn(
      program, settings.command, &actions, environment: environment, searchingPath: true)
  }
}
