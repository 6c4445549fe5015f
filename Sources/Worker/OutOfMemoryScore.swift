@preconcurrency import Glibc

/// How willingly the kernel ends this process when memory runs out.
enum OutOfMemoryScore {
  /// Puts this process before others; where that is not allowed, nothing changes.
  static func raise() {
    let file = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC)
    guard file >= 0 else { return }
    _ = write(file, "500", 3)
    close(file)
  }
}
