import CLinux
import Diagnostics

@preconcurrency import Glibc

/// What is asked of the daemon by signals. However often one is sent, it counts once until it is
/// attended to.
final class DaemonSignals {
  /// Becomes readable when one arrives.
  let descriptor: Int32
  private var isStopping = false
  private static let caught = [SIGTERM, SIGINT, SIGQUIT, SIGHUP, SIGCHLD]

  /// Catches them; once per process.
  ///
  /// - Throws: `spool.system`.
  init() throws(Failure) {
    signal(SIGPIPE, SIG_IGN)
    signal(SIGIO, SIG_IGN)
    descriptor = linux_signal_pipe(Self.caught, Int32(Self.caught.count))
    guard descriptor >= 0 else {
      throw Failure(
        .fault, code: .spoolSystem,
        "signals cannot be caught: \(String(cString: strerror(errno)))")
    }
  }

  /// Takes in that something arrived.
  func clear() {
    var bytes = [UInt8](repeating: 0, count: 256)
    while read(descriptor, &bytes, bytes.count) > 0 {}
  }

  /// Whether the daemon is asked to stop; that stays to be taken.
  var isStopAsked: Bool {
    isStopping = takeStop() || isStopping
    return isStopping
  }

  /// Whether the daemon was asked to stop since this was last asked.
  func takeStop() -> Bool {
    // All of them are taken: Control-C may come with a SIGTERM.
    let wasAsked = isStopping
    isStopping = false
    return [SIGTERM, SIGINT, SIGQUIT].map { linux_take_signal($0) != 0 }.contains(true) || wasAsked
  }

  /// Whether the daemon was asked to read its configuration since this was last asked.
  func takeReload() -> Bool { linux_take_signal(SIGHUP) != 0 }
}
