/// The environment that workers get: little of the daemon's.
enum WorkerEnvironment {
  /// What decides how libraries are found, how memory is had, and in what language errors are.
  private static let kept: Set<String> = [
    "LD_LIBRARY_PATH", "GLIBC_TUNABLES", "MALLOC_ARENA_MAX", "LANG", "LC_ALL", "LC_MESSAGES", "TZ",
  ]

  /// The settings for a worker, as `NAME=value`.
  ///
  /// - Parameters:
  ///   - environment: the daemon's.
  ///   - spool: the folder of the spool, which only a worker with a fault is told.
  static func settings(_ environment: [String: String], spool: String) -> [String] {
    var own = environment.filter { kept.contains($0.key) || $0.key.hasPrefix("ILLAVA_") }
    own["ILLAVA_SPOOL"] = own["ILLAVA_WORKER_FAULT"] == nil ? nil : spool
    // The engine has threads of its own, and threads that a library starts before the cage is closed
    // would be outside.
    own["OPENBLAS_NUM_THREADS"] = "1"
    // A crash is reported by the daemon; nothing is started to look at it.
    own["SWIFT_BACKTRACE"] = "enable=no"
    return own.map { "\($0.key)=\($0.value)" }.sorted()
  }
}
