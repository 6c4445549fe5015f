@preconcurrency import Glibc

/// Has the worker come to a bad end over certain jobs, for tests of what becomes of the others.
///
/// `ILLAVA_WORKER_FAULT=crash:poison` ends it at once over every job with a file whose name has
/// “poison” in it; `grow:balloon` has it take memory until the kernel ends it.
struct WorkerFault {
  private enum Kind: String { case crash, grow }

  private let kind: Kind?
  private let name: String

  init(_ text: String?) {
    let parts = (text ?? "").split(separator: ":", maxSplits: 1).map(String.init)
    kind = parts.count == 2 ? Kind(rawValue: parts[0]) : nil
    name = parts.last ?? ""
  }

  /// Comes to its end if one of the names asks for it.
  func strike(_ names: [String]) {
    guard let kind, names.contains(where: { $0.contains(name) }) else { return }
    switch kind {
    case .crash: kill(getpid(), SIGKILL)
    case .grow:
      // 8 GiB, where nothing limits it; pages that are only promised would not count.
      for _ in 0..<8192 {
        _ = mmap(
          nil, 1 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0)
      }
      kill(getpid(), SIGKILL)
    }
  }
}
