import Options

/// All settings; times are in seconds, amounts in bytes.
public struct Settings: Sendable, Equatable {
  /// How jobs with content that was answered before are handled.
  public enum Duplicates: String, Sendable, CaseIterable {
    /// The job is computed again.
    case run
    /// The job gets the old answer, too, under its own id.
    case link
    /// The job ends without its own answer and names the old one.
    case skip
  }

  /// What happens to a job's files when it is answered.
  public enum AfterDone: String, Sendable, CaseIterable {
    /// They are removed.
    case delete
    /// They are moved to `archive/ID/`.
    case archive
    /// They stay beside the answer, in `outbox/ID/input/`.
    case keep
  }

  /// The folder of the checkpoint.
  public var model = ""
  /// The precision of the weights; empty for the engine's default.
  public var weights = ""
  /// Threads to compute with; 0 for one per processor.
  public var threads = 0

  /// How long a file must be unchanged before it is claimed.
  public var stability = 2.0
  /// How often the inbox is scanned for changes that inotify missed.
  public var rescan = 60.0
  /// How often folders without inotify are scanned.
  public var poll = 2.0
  /// How long a job file waits for the media it names, and a sidecar for its own.
  public var patience = 60.0
  /// How jobs with content that was answered before are handled.
  public var duplicates = Duplicates.run
  /// Patterns of the names that are left alone.
  public var ignore = Settings.usualLitter
  /// Whether media need a sidecar or a job file.
  public var needsSidecar = false

  /// The questions about media without their own.
  public var prompts = ["Describe what can be seen."]
  /// The default priority of jobs.
  public var priority = 0
  /// The default options of jobs.
  public var options = QuestionOptions()

  /// The number of workers.
  public var workers = 1
  /// The most memory of a worker; 0 for what is free.
  public var memoryBudget = 0
  /// The deadline of every job.
  public var deadline = 1800.0
  /// The additional time per MiB of media.
  public var deadlinePerMiB = 10.0
  /// The longest deadline, whatever the size and the questions of a job; never less than `deadline`.
  public var deadlineMax = 86_400.0
  /// The time without any progress after which a worker counts as hung.
  public var stall = 600.0
  /// Attempts until a job is given up.
  public var maxAttempts = 3
  /// The wait before the second attempt; it doubles each time.
  public var retryFirst = 5.0
  /// The longest wait.
  public var retryMax = 600.0
  /// The time without work after which a worker is stopped.
  public var idleUnload = 600.0
  /// The time that a running job gets to end when the daemon is stopped.
  public var stopGrace = 30.0
  /// The waiting time that counts as much as one step of priority.
  public var ageing = 60.0

  /// What happens to a job's files when it is answered.
  public var afterDone = AfterDone.delete
  /// The pictures of reports: `all`, `final` or `none`.
  public var visualize = "final"
  /// Whether answers are also written to the outbox under the name of the file.
  public var flat = false
  /// A program and its arguments, run when a job is done or given up.
  public var command: [String] = []
  /// How long answers are kept; 0 for ever.
  public var keepDone = 0.0
  /// How long given-up jobs are kept; 0 for ever.
  public var keepFailed = 0.0
  /// The most bytes that outbox, failed and archive may take together; 0 for no limit.
  public var keepBytes = 0
  /// How long the store keeps jobs without files; 0 for ever.
  public var keepHistory = 7_776_000.0

  /// The free space below which no job is started.
  public var diskFloor = 256 << 20
  /// The most bytes of a job file or sidecar.
  public var jobFileBytes = 1 << 20
  /// The most bytes of an image or video; 0 for no limit.
  public var largestMedium = 64 << 30
  /// The most pixels of all frames of a video together, in billions.
  public var videoGigapixels = 10_000
  /// The most pixels of all frames of an animated image together, in billions.
  public var animationGigapixels = 10
  /// The path of the metrics file for Prometheus; empty for none.
  public var metricsFile = ""

  /// The defaults.
  public init() {}
}
