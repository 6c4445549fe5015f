import Options

/// Everything that can be configured; times are in seconds, amounts in bytes.
public struct Settings: Sendable, Equatable {
  /// What is done with content that was answered before.
  public enum Duplicates: String, Sendable, CaseIterable {
    /// It is asked again.
    case run
    /// The old answer is put under the new id, too.
    case link
    /// The job ends without an answer of its own and names the old one.
    case skip
  }

  /// What becomes of a job's files when it is answered.
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
  /// How numbers are held: empty for the engine's default.
  public var weights = ""
  /// Threads to compute with; 0 for one per processor.
  public var threads = 0

  /// How long a file must hold still.
  public var stability = 2.0
  /// How often the inbox is looked through for what inotify missed.
  public var rescan = 60.0
  /// How often folders without inotify are looked through.
  public var poll = 2.0
  /// How long a job file waits for media it names.
  public var patience = 60.0
  /// What is done with content that was answered before.
  public var duplicates = Duplicates.run
  /// Whether media need a sidecar or a job file.
  public var needsSidecar = false

  /// The questions for media that come without.
  public var prompts = ["Describe what can be seen."]
  /// The priority of jobs that choose none.
  public var priority = 0
  /// What jobs get that choose nothing else.
  public var options = QuestionOptions()

  /// Workers at a time.
  public var workers = 1
  /// The most memory a worker may hold; 0 for what is free.
  public var memoryBudget = 0
  /// The time any job may take.
  public var deadline = 1800.0
  /// The time it may take longer per MiB of media.
  public var deadlinePerMiB = 10.0
  /// The longest time a job may take, whatever its size and its questions; never less than
  /// `deadline`.
  public var deadlineMax = 86_400.0
  /// The time without any progress after which a worker counts as hung.
  public var stall = 600.0
  /// Attempts until a job is given up.
  public var maxAttempts = 3
  /// The wait before the second attempt; it doubles each time.
  public var retryFirst = 5.0
  /// The longest wait.
  public var retryMax = 600.0
  /// The time without work after which a worker is let go.
  public var idleUnload = 600.0
  /// The time a running job gets to end when the daemon is stopped.
  public var stopGrace = 30.0
  /// The waiting time that counts as much as one step of priority.
  public var ageing = 60.0

  /// What becomes of a job's files.
  public var afterDone = AfterDone.delete
  /// Which pictures are drawn beside answers: `all`, `final` or `none`.
  public var visualize = "final"
  /// Whether answers also lie in the outbox under the name of the file.
  public var flat = false
  /// A program and its arguments, run when a job is done or given up.
  public var command: [String] = []
  /// How long answers are kept; 0 for ever.
  public var keepDone = 0.0
  /// How long given-up jobs are kept; 0 for ever.
  public var keepFailed = 0.0
  /// The most that outbox, failed and archive may hold together; 0 for no limit.
  public var keepBytes = 0
  /// How long the store remembers jobs of which no file is left; 0 for ever.
  public var keepHistory = 7_776_000.0

  /// Below this much free space no work is begun.
  public var diskFloor = 256 << 20
  /// The most bytes of a job file or sidecar.
  public var jobFileBytes = 1 << 20
  /// The most bytes of a picture or video; 0 for no limit.
  public var largestMedium = 64 << 30
  /// The most pixels in all frames of a video, in thousand millions.
  public var videoGigapixels = 10_000
  /// The most pixels in all frames of an animated picture, in thousand millions.
  public var animationGigapixels = 10
  /// A file for Prometheus; empty for none.
  public var metricsFile = ""

  /// The defaults.
  public init() {}
}
