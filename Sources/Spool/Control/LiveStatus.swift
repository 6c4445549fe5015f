import WorkerProtocol

/// What only a running daemon knows; times are in milliseconds since 1970, amounts in bytes.
public struct LiveStatus: Codable, Sendable, Equatable {
  /// A job that a worker has.
  public struct Running: Codable, Sendable, Equatable {
    /// The job.
    public var id: String
    /// Its name.
    public var name: String
    /// Seconds since it was begun.
    public var seconds: Double
    /// Which attempt it is.
    public var attempt: Int
    /// How far it is.
    public var progress: WorkerProgress?
    /// Seconds until it will be answered, as far as can be said.
    public var remaining: Double?
    /// Seconds until it has taken too long.
    public var deadline: Double
    /// Memory its worker holds.
    public var memory: Int?
  }

  /// A folder of the inbox.
  public struct Watched: Codable, Sendable, Equatable {
    /// Its path in the inbox; empty for the inbox itself.
    public var path: String
    /// Its file system.
    public var fileSystem: String
    /// `inotify` or `polling`.
    public var mode: String
  }

  /// Something in the inbox that is no job yet.
  public struct Waiting: Codable, Sendable, Equatable {
    /// Its path in the inbox.
    public var path: String
    /// Why.
    public var reason: String
  }

  /// Something that happened to the spool and that a person should know.
  public struct Notice: Codable, Sendable, Equatable {
    /// When, in milliseconds since 1970.
    public var time: Int
    /// What.
    public var text: String
  }

  /// The daemon's process.
  public var process: Int
  /// When it was started.
  public var started: Int
  /// The folder of the model.
  public var model: String
  /// Whether a person paused the queue.
  public var isPaused: Bool
  /// Whether it is stopping.
  public var isDraining: Bool
  /// Why nothing is begun.
  public var obstacle: ErrorReport?
  /// What workers have.
  public var running: [Running]
  /// Workers there are.
  public var workers: Int
  /// Folders of the inbox.
  public var watched: [Watched]
  /// What in the inbox waits for something else.
  public var incomplete: [Waiting]
  /// What in the inbox is never taken.
  public var refused: [Waiting]
  /// What became of folders and clock lately, the latest last.
  public var notices: [Notice]?
  /// Lines of the log that were lost because nobody took them.
  public var lostLines: Int?
  /// Memory the daemon holds.
  public var memory: Int
  /// What the worker that was started last is confined by; `nil` before there was one.
  public var cage: WorkerCage?
  /// Space left on the disk of the spool.
  public var freeBytes: Int
  /// Seconds since this was so, where the daemon was too busy to say how it is now.
  public var age: Double?
}
