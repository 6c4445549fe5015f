import CLinux
import Diagnostics

@preconcurrency import Glibc

/// Makes the worker fail over certain jobs, to test what happens to the others.
///
/// `ILLAVA_WORKER_FAULT=crash:poison` ends it at once for every job with a file whose name contains
/// “poison”; `grow:balloon` makes it allocate memory until the kernel kills it; `breakout:burglar` makes
/// it try what an attacker in its place would, on the spool in `ILLAVA_SPOOL`.
struct WorkerFault {
  private enum Kind: String { case crash, grow, breakout }

  private let kind: Kind?
  private let name: String

  init(_ text: String?) {
    let parts = (text ?? "").split(separator: ":", maxSplits: 1).map(String.init)
    kind = parts.count == 2 ? Kind(rawValue: parts[0]) : nil
    name = parts.last ?? ""
  }

  /// Fails if one of the names asks for it.
  ///
  /// - Throws: `worker.breakout` with the attempts that were refused and those that were not.
  func strike(_ names: [String]) throws(Failure) {
    guard let kind, names.contains(where: { $0.contains(name) }) else { return }
    switch kind {
    case .crash: kill(getpid(), SIGKILL)
    case .grow:
      // 8 GiB, if nothing limits it; the pages are written to, because untouched ones would not count.
      for _ in 0..<8192 {
        _ = mmap(
          nil, 1 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0)
      }
      kill(getpid(), SIGKILL)
    case .breakout: throw breakout()
    }
  }

  private func breakout() -> Failure {
    let spool = getenv("ILLAVA_SPOOL").map { String(cString: $0) } ?? "/var/lib/illava"
    var refused: [String] = []
    var done: [String] = []
    for number in 0..<linux_breakouts() {
      let name = String(cString: linux_breakout_name(number))
      switch linux_breakout_try(number, spool) {
      case 0: done.append(name)
      case EACCES: refused.append("\(name): EACCES")
      case EPERM: refused.append("\(name): EPERM")
      case let other: done.append("\(name) failed only with “\(String(cString: strerror(other)))”")
      }
    }
    return Failure(
      .badInput, code: .workerBreakout,
      "a test had the worker try what it may not do; refused: "
        + (refused.isEmpty ? "nothing" : refused.joined(separator: ", ")) + "; not refused: "
        + (done.isEmpty ? "nothing" : done.joined(separator: ", ")))
  }
}
