/// The environment of workers, with few of the daemon's variables.
enum WorkerEnvironment {
  /// Variables about finding libraries and models, allocating memory, and the language of errors.
  private static let kept: Set<String> = [
    "LD_LIBRARY_PATH", "GLIBC_TUNABLES", "MALLOC_ARENA_MAX", "LANG", "LC_ALL", "LC_MESSAGES", "TZ",
    "OLLAMA_MODELS",
  ]

  /// The variables for a worker, as `NAME=value`.
  ///
  /// - Parameters:
  ///   - environment: the daemon's.
  ///   - spool: the folder of the spool, only passed to a worker with a test fault.
  static func settings(_ environment: [String: String], spool: String) -> [String] {
    var own = environment.filter { kept.contains($0.key) || $0.key.hasPrefix("ILLAVA_") }
    own["ILLAVA_SPOOL"] = own["ILLAVA_WORKER_FAULT"] == nil ? nil : spool
    // The engine has its own threads, and threads that a library starts before confinement would stay
    // unconfined.
    own["OPENBLAS_NUM_THREADS"] = "1"
    // The daemon reports crashes; no program is started to examine them.
    own["SWIFT_BACKTRACE"] = "enable=no"
    return own.map { "\($0.key)=\($0.value)" }.sorted()
  }
}
