import Basics
import CLinux
import MemoryPlanner

@preconcurrency import Glibc

/// What this process holds, by the kernel's own account.
public enum ProcessMemory {
  /// For pages of the program and its libraries that have not been touched yet. Without it predictions
  /// were up to 9 MiB too small: videos and 8-bit weights, on the demo model.
  static let allowance = 16 << 20

  /// The most resident memory so far, in bytes (`VmHWM` of `/proc/self/status`).
  public static var peak: Int { fields(["VmHWM"]) }
  /// The resident memory now, in bytes (`VmRSS`).
  public static var resident: Int { fields(["VmRSS"]) }
  /// The resident memory now that is its own, not that of mapped files.
  public static var held: Int { fields(["RssAnon", "RssShmem"]) }

  /// Opened once, for a process that confines itself cannot do so later.
  private static let peakFile = open("/proc/self/clear_refs", O_WRONLY | O_CLOEXEC)

  /// Forgets the peak, so that the next reading is of what comes from now on.
  public static func resetPeak() {
    guard peakFile >= 0 else { return }
    _ = write(peakFile, "5", 1)
  }

  /// Makes the heap give blocks of 256 KiB and more back as soon as they are freed.
  ///
  /// By itself it keeps larger and larger ones the more of them come and go: after 64 frames of video
  /// 33 MiB that nobody had planned for.
  static func returnFreedBlocks() { linux_return_freed_blocks(256 << 10) }

  /// The sum of some lines, in bytes; those that are not there count as 0.
  private static func fields(_ names: [String]) -> Int {
    names.reduce(0) { sum, name in
      sum + (SystemFiles().field(name, of: "/proc/self/status") ?? 0) << 10
    }
  }
}
