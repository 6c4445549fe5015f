import Basics
import CLinux
import MemoryPlanner

@preconcurrency import Glibc

/// The memory of this process, as the kernel counts it.
public enum ProcessMemory {
  /// An allowance for pages of the program and its libraries that have not been touched yet. Without it
  /// predictions were up to 9 MiB too small: with videos and 8-bit weights, on the demo model.
  static let allowance = 16 << 20

  /// The most resident memory so far, in bytes (`VmHWM` of `/proc/self/status`).
  public static var peak: Int { fields(["VmHWM"]) }
  /// The resident memory now, in bytes (`VmRSS`).
  public static var resident: Int { fields(["VmRSS"]) }
  /// The resident memory now that belongs to the process itself, without mapped files.
  public static var held: Int { fields(["RssAnon", "RssShmem"]) }

  /// Opened once, because a process that has confined itself cannot open it later.
  private static let peakFile = open("/proc/self/clear_refs", O_WRONLY | O_CLOEXEC)

  /// Resets the peak, so that the next reading covers only what follows.
  public static func resetPeak() {
    guard peakFile >= 0 else { return }
    _ = write(peakFile, "5", 1)
  }

  /// Makes the heap return blocks of 256 KiB and more to the kernel as soon as they are freed.
  ///
  /// By default the heap raises this limit as large blocks come and go: after 64 frames of video it kept
  /// 33 MiB that were not planned for.
  static func returnFreedBlocks() { linux_return_freed_blocks(256 << 10) }

  /// The sum of some lines, in bytes; missing lines count as 0.
  private static func fields(_ names: [String]) -> Int {
    names.reduce(0) { sum, name in
      sum + (SystemFiles().field(name, of: "/proc/self/status") ?? 0) << 10
    }
  }
}
