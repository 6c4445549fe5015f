import CLinux
import Diagnostics

@preconcurrency import Glibc

/// Requests to the daemon by signals. A signal that is sent several times counts once until it is
/// handled.
final class DaemonSignals {
  /// Becomes readable when one arrives.
  let descriptor: Int32
  private var isStopping = false
  private static let caught = [SIGTERM, SIGINT, SIGQUIT, SIGHUP, SIGCHLD]

  /// Catches the signals; once per process.
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

  /// Empties the pipe after a signal.
  func clear() {
    var bytes = [UInt8](repeating: 0, count: 256)
    while read(descriptor, &bytes, bytes.count) > 0 {}
  }

  /// Whether the daemon was asked to stop; does not reset the request.
  var isStopAsked: Bool {
    isStopping = takeStop() || isStopping
    return isStopping
  }

  /// Whether the daemon was asked to stop since the last call.
  func takeStop() -> Bool {
    // Both are reset, because Control-C may come together with a SIGTERM.
    let wasAsked = isStopping
    isStopping = false
    return [SIGTERM, SIGINT, SIGQUIT].map { linux_take_signal($0) != 0 }.contains(true) || wasAsked
  }

  /// Whether the daemon was asked to read its configuration since the last call.
  func takeReload() -> Bool { linux_take_signal(SIGHUP) != 0 }
}
