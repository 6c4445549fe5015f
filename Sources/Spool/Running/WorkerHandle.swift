/// A worker as the daemon sees it: a pipe and a process that can be ended.
protocol WorkerHandle: AnyObject {
  /// The daemon's end of the pipe; reading and writing never wait.
  var descriptor: Int32 { get }
  /// The process, for people.
  var process: Int { get }
  /// Ends the process at once.
  func kill()
  /// How the process ended, or `nil` while it runs.
  func ended() -> WorkerExit?
  /// The memory the process holds now, in bytes; `nil` where it is not known.
  var memory: Int? { get }
}

/// How a worker's process ended.
struct WorkerExit: Equatable {
  var status: Int?
  var signal: Int?
}

/// Starts workers.
protocol WorkerLauncher: AnyObject {
  /// Starts one, which can read no other model than the one in this folder.
  func launch(model: String) throws -> any WorkerHandle
}
