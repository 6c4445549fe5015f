import WorkerProtocol

/// The status that only a running daemon knows; times are in milliseconds since 1970, amounts in bytes.
public struct LiveStatus: Codable, Sendable, Equatable {
  /// A job that a worker has.
  public struct Running: Codable, Sendable, Equatable {
    /// The job.
    public var id: String
    /// Its name.
    public var name: String
    /// Seconds since it started.
    public var seconds: Double
    /// The number of the attempt.
    public var attempt: Int
    /// Its progress.
    public var progress: WorkerProgress?
    /// What is written so far of the answer to its current question; `nil` before the first word.
    public var written: String?
    /// Seconds until its answer, as estimated.
    public var remaining: Double?
    /// Seconds until its deadline.
    public var deadline: Double
    /// The memory of its worker.
    public var memory: Int?
  }

  /// A folder of the inbox.
  public struct Watched: Codable, Sendable, Equatable {
    /// Its path in the inbox; empty for the inbox itself.
    public var path: String
    /// The name of its file system.
    public var fileSystem: String
    /// `inotify` or `polling`.
    public var mode: String
  }

  /// Something in the inbox that is no job yet.
  public struct Waiting: Codable, Sendable, Equatable {
    /// Its path in the inbox.
    public var path: String
    /// The reason.
    public var reason: String
  }

  /// The files of the inbox that are no jobs and wait for nothing.
  public struct LeftAlone: Codable, Sendable, Equatable {
    /// Their number.
    public var count: Int
    /// The number for each reason: `unmatched`, `foreign`, `ignored`.
    public var reasons: [String: Int]
    /// Some of them.
    public var files: [LeftFile]
  }

  /// A file of the inbox that is no job.
  public struct LeftFile: Codable, Sendable, Equatable {
    /// Its path in the inbox.
    public var path: String
    /// A key of `reasons`.
    public var kind: String
    /// The reason in words, which follow the path.
    public var reason: String
  }

  /// An event about the spool that a person should know.
  public struct Notice: Codable, Sendable, Equatable {
    /// The time, in milliseconds since 1970.
    public var time: Int
    /// The event in words.
    public var text: String
  }

  /// The daemon's process.
  public var process: Int
  /// When it was started.
  public var started: Int
  /// The folder of the model.
  public var model: String
  /// Whether a user paused the queue.
  public var isPaused: Bool
  /// Whether it is stopping.
  public var isDraining: Bool
  /// Why no job is started; `nil` where there is no reason.
  public var obstacle: ErrorReport?
  /// The jobs that workers have.
  public var running: [Running]
  /// The number of workers.
  public var workers: Int
  /// Folders of the inbox.
  public var watched: [Watched]
  /// Files in the inbox that wait for something else.
  public var incomplete: [Waiting]
  /// Files in the inbox that are never claimed.
  public var refused: [Waiting]
  /// Files in the inbox that are left alone; `nil` where there are none.
  public var leftAlone: LeftAlone?
  /// Recent events about folders and the clock, the latest last.
  public var notices: [Notice]?
  /// Lines of the log that were lost because nothing read them.
  public var lostLines: Int?
  /// The memory of the daemon.
  public var memory: Int
  /// The restrictions on the latest worker; `nil` before there was one.
  public var cage: WorkerCage?
  /// Space left on the disk of the spool.
  public var freeBytes: Int
  /// The age of this status in seconds, where the daemon was too busy to report a new one.
  public var age: Double?
}
