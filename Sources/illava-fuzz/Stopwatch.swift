import FoundationEssentials

@preconcurrency import Glibc

/// Time and memory of processes.
enum Stopwatch {
  /// Seconds by the steady clock.
  static func wall() -> Double { seconds(CLOCK_MONOTONIC) }

  /// Seconds that this process has computed: others may keep the processors.
  static func own() -> Double { seconds(CLOCK_PROCESS_CPUTIME_ID) }

  /// MiB that a process has held at most.
  static func peakMemory(_ process: pid_t = getpid()) -> Int {
    let path = URL(filePath: "/proc/\(process)/status")
    let text = String(decoding: (try? Data(contentsOf: path)) ?? Data(), as: UTF8.self)
    let line = text.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
    return (line?.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0) / 1024
  }

  private static func seconds(_ clock: clockid_t) -> Double {
    var time = timespec()
    clock_gettime(clock, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
}
