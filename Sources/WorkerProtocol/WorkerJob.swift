import Answers
import Options

/// A job as it is sent to a worker.
public struct WorkerJob: Codable, Sendable, Equatable {
  /// A file to look at.
  public struct Medium: Codable, Sendable, Equatable {
    /// The file's current name, without its folder; the worker gets the file open.
    public var file: String
    /// The file's name in the answer: its name in the inbox.
    public var name: String

    /// A file and its name.
    public init(file: String, name: String) {
      self.file = file
      self.name = name
    }
  }

  /// The model to answer with.
  public struct Model: Codable, Sendable, Equatable {
    /// The folder of the checkpoint.
    public var path: String
    /// The precision of the weights: `bf16`, `f32`, `int8` or `int4`; `nil` for the engine's default.
    public var weights: String?
    /// Threads to compute with; `nil` for one per processor.
    public var threads: Int?

    /// A model in a folder.
    public init(path: String, weights: String? = nil, threads: Int? = nil) {
      self.path = path
      self.weights = weights
      self.threads = threads
    }
  }

  /// How much memory a job may take.
  public struct Memory: Codable, Sendable, Equatable {
    /// The most bytes the worker may use; `nil` for what is free.
    public var budget: Int?
    /// Bytes to stay within as far as the job's floors allow, because an attempt with more died.
    public var target: Int?
    /// The factor on predictions, at least 1; `nil` where no prediction has been compared yet.
    public var margin: Double?

    /// The memory of a job.
    public init(budget: Int? = nil, target: Int? = nil, margin: Double? = nil) {
      self.budget = budget
      self.target = target
      self.margin = margin
    }
  }

  /// Limits on what may be decoded of one medium.
  public struct Limits: Codable, Sendable, Equatable {
    /// Pixels of all frames of a video together, in billions.
    public var videoGigapixels: Int
    /// The same for an animated image.
    public var animationGigapixels: Int

    /// Limits from their numbers.
    public init(videoGigapixels: Int, animationGigapixels: Int) {
      self.videoGigapixels = videoGigapixels
      self.animationGigapixels = animationGigapixels
    }
  }

  /// The job's id.
  public var id: String { origin.job.id }
  /// Who asks: the job as its attempt begins, and the machine.
  public var origin: AnswerOrigin
  /// The files, in the order of the prompt.
  public var media: [Medium]
  /// What was asked and answered about the files before; `nil` for nothing.
  public var turns: [JobTurn]?
  /// The questions; each is answered separately.
  public var prompts: [String]
  /// The chosen options.
  public var options: QuestionOptions
  /// The model.
  public var model: Model
  /// How much memory it may take.
  public var memory: Memory
  /// Limits on what may be decoded; `nil` for the engine's own.
  public var limits: Limits?
  /// The pictures to draw: `all`, `final` or `none`.
  public var visualize: String
  /// Whether what was seen of the media is kept for a job that asks about the same files next; `nil` for
  /// no.
  public var keepsMedia: Bool?

  /// A job.
  public init(
    origin: AnswerOrigin, media: [Medium], turns: [JobTurn]? = nil, prompts: [String],
    options: QuestionOptions,
    model: Model,
    memory: Memory = Memory(), limits: Limits? = nil, visualize: String = "final",
    keepsMedia: Bool? = nil
  ) {
    self.origin = origin
    self.media = media
    self.turns = turns
    self.prompts = prompts
    self.options = options
    self.model = model
    self.memory = memory
    self.limits = limits
    self.visualize = visualize
    self.keepsMedia = keepsMedia
  }
}
