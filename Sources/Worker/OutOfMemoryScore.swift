@preconcurrency import Glibc

/// How readily the kernel kills this process when memory runs out.
enum OutOfMemoryScore {
  /// Makes the kernel kill this process before others; without the permission, nothing changes.
  static func raise() {
    let file = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC)
    guard file >= 0 else { return }
    _ = write(file, "500", 3)
    close(file)
  }
}
