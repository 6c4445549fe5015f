import CLinux
import Diagnostics

@preconcurrency import Glibc

/// Starts this program again as a worker, with a socket as its descriptor 3.
public final class ProcessLauncher: WorkerLauncher {
  /// The descriptor on which a worker talks to its daemon.
  public static let workerDescriptor: Int32 = 3
  private let program: String
  private let arguments: [String]
  private let environment: [String]
  /// The standard error of workers, where libraries write their messages.
  var standardError = STDERR_FILENO

  /// A launcher of a program.
  ///
  /// - Parameters:
  ///   - arguments: all but the folder of the model, starting with the program's name.
  ///   - environment: the whole environment of workers, as `NAME=value`.
  public init(
    program: String = "/proc/self/exe", arguments: [String] = ["illavad", "worker", "--"],
    environment: [String] = []
  ) {
    self.program = program
    self.arguments = arguments
    self.environment = environment
  }

  func launch(model: String) throws -> any WorkerHandle {
    var ends: [Int32] = [-1, -1]
    guard
      socketpair(
        AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0, &ends) == 0
    else {
      throw CallFailure(operation: .open, path: "the worker's pipe", number: errno)
    }
    defer { close(ends[1]) }
    let process: pid_t
    do {
      process = try spawn(passing: ends[1], model)
    } catch {
      close(ends[0])
      throw error
    }
    _ = fcntl(ends[0], F_SETFL, O_NONBLOCK)
    return ProcessHandle(descriptor: ends[0], process: process)
  }

  private func spawn(passing end: Int32, _ model: String) throws -> pid_t {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    // First, because it may have the number that the other one gets.
    posix_spawn_file_actions_adddup2(&actions, standardError, STDERR_FILENO)
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0)
    posix_spawn_file_actions_adddup2(&actions, end, Self.workerDescriptor)
    _ = linux_spawn_close_from(&actions, Self.workerDescriptor + 1)
    return try Spawning.spawn(program, arguments + [model], &actions, environment: environment)
  }
}

/// A worker's process.
private final class ProcessHandle: WorkerHandle {
  let descriptor: Int32
  private let id: pid_t
  private var exit: WorkerExit?
  /// Opened immediately: where processes are hidden from each other, a confined one is hidden later.
  private let residence: ResidentMemory?

  init(descriptor: Int32, process: pid_t) {
    self.descriptor = descriptor
    id = process
    residence = ResidentMemory(process: Int(process))
  }

  deinit {
    // Always reap the process, because otherwise the kernel keeps it as a zombie.
    if exit == nil {
      kill()
      while waitpid(id, nil, 0) < 0, errno == EINTR {}
    }
    close(descriptor)
  }

  var process: Int { Int(id) }

  func kill() { if exit == nil { Glibc.kill(id, SIGKILL) } }

  func ended() -> WorkerExit? {
    if let exit { return exit }
    var status: Int32 = 0
    guard waitpid(id, &status, WNOHANG) == id else { return nil }
    exit = WorkerExit(
      status: linux_exited(status) != 0 ? Int(linux_exit_status(status)) : nil,
      signal: linux_signaled(status) != 0 ? Int(linux_term_signal(status)) : nil)
    return exit
  }

  var memory: Int? { exit == nil ? residence?.bytes : nil }
}
