import Basics
import FoundationEssentials
import Spool

@preconcurrency import Glibc

/// A daemon from the same build as this program, on its own spool.
final class DaemonProcess {
  let root: String
  private let model: String
  private(set) var process: pid_t = -1

  init(model: String) throws {
    self.model = model
    root = FuzzTargets.scratch + ".spool"
    try FileManager.default.createDirectory(
      atPath: root + "/inbox", withIntermediateDirectories: true)
  }

  deinit {
    stop()
    try? FileManager.default.removeItem(atPath: root)
    try? FileManager.default.removeItem(atPath: root + ".log")
  }

  /// Starts it; returns whether it answers within some seconds.
  func start(within seconds: Double = 30) -> Bool {
    var path = [CChar](repeating: 0, count: 4096)
    let count = readlink("/proc/self/exe", &path, path.count - 1)
    let own = String(
      decoding: path.prefix(max(0, count)).map(UInt8.init(bitPattern:)), as: UTF8.self)
    let program = own.split(separator: "/").dropLast().map { "/" + $0 }.joined() + "/illavad"
    let words = [program, "--spool", root, "--model", model]
    var arguments = words.map { strdup($0) } + [nil]
    defer { arguments.forEach { free($0) } }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    for descriptor in [STDOUT_FILENO, STDERR_FILENO] {
      posix_spawn_file_actions_addopen(
        &actions, descriptor, root + ".log", O_WRONLY | O_CREAT | O_APPEND, 0o600)
    }
    guard posix_spawn(&process, program, &actions, nil, &arguments, environ) == 0 else {
      return false
    }
    let end = Stopwatch.wall() + seconds
    while Stopwatch.wall() < end {
      if let live = try? client.live(), live.process == Int(process) { return true }
      guard ended() == nil else { return false }
      usleep(20_000)
    }
    return false
  }

  var client: SpoolClient { SpoolClient(root: root) }

  /// The exit status, with a signal as a negative number; `nil` while it runs.
  func ended() -> Int32? {
    var status: Int32 = 0
    guard process > 0, waitpid(process, &status, WNOHANG) == process else { return nil }
    process = -1
    let signal = status & 0x7F
    return signal == 0 ? (status >> 8) & 0xFF : -signal
  }

  /// Stops it and returns the exit status; -9 if it had to be killed.
  @discardableResult func stop() -> Int32 {
    guard process > 0 else { return 0 }
    kill(process, SIGTERM)
    let end = Stopwatch.wall() + 30
    while Stopwatch.wall() < end {
      if let status = ended() { return status }
      usleep(10_000)
    }
    kill(process, SIGKILL)
    var status: Int32 = 0
    waitpid(process, &status, 0)
    process = -1
    return -9
  }

  /// Its processor seconds, and its peak memory in MiB.
  var costs: (seconds: Double, memory: Int) {
    let text = SystemFiles().text("/proc/\(process)/stat") ?? ""
    let stat = text.split(separator: ")").last ?? ""
    let fields = stat.split(separator: " ")
    let ticks = fields.count > 12 ? (Double(fields[11]) ?? 0) + (Double(fields[12]) ?? 0) : 0
    return (ticks / 100, Stopwatch.peakMemory(process))
  }

  /// Checks that a question is answered in time. Only the daemon's own processor time counts, because
  /// other programs may use the processors.
  func slowness() -> String? {
    let (begun, before) = (Stopwatch.wall(), costs.seconds)
    do {
      guard try client.live() != nil else { return "the daemon is gone" }
    } catch {
      return "the daemon does not answer: \(error)"
    }
    let taken = Stopwatch.wall() - begun
    let own = costs.seconds - before
    return own > 2 || taken > 20 ? "the status took \(taken) s, \(own) s of them computing" : nil
  }
}
