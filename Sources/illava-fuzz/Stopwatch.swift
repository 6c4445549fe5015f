import Basics

@preconcurrency import Glibc

/// Measures time and memory of processes.
enum Stopwatch {
  /// Seconds by the steady clock.
  static func wall() -> Double { seconds(CLOCK_MONOTONIC) }

  /// Processor seconds of this process, because other programs may use the processors.
  static func own() -> Double { seconds(CLOCK_PROCESS_CPUTIME_ID) }

  /// The peak memory of a process in MiB.
  static func peakMemory(_ process: pid_t = getpid()) -> Int {
    (SystemFiles().field("VmHWM", of: "/proc/\(process)/status") ?? 0) / 1024
  }

  private static func seconds(_ clock: clockid_t) -> Double {
    var time = timespec()
    clock_gettime(clock, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
}
