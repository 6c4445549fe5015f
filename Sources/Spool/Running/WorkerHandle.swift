/// A worker as the daemon sees it: a pipe and a process that can be ended.
protocol WorkerHandle: AnyObject {
  /// The daemon's end of the pipe; reading and writing never wait.
  var descriptor: Int32 { get }
  /// The process id, for people.
  var process: Int { get }
  /// Kills the process.
  func kill()
  /// How the process ended; `nil` while it runs.
  func ended() -> WorkerExit?
  /// The process's current memory in bytes; `nil` where it is not known.
  var memory: Int? { get }
}

/// How a worker's process ended.
struct WorkerExit: Equatable {
  var status: Int?
  var signal: Int?
}

/// Starts workers.
protocol WorkerLauncher: AnyObject {
  /// Starts a worker, which can read only the model in this folder.
  func launch(model: String) throws -> any WorkerHandle
}
