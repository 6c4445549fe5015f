import Options

/// A job as a worker gets it.
public struct WorkerJob: Codable, Sendable, Equatable {
  /// A file to look at.
  public struct Medium: Codable, Sendable, Equatable {
    /// What the file is called now, without its folder: the worker gets it open.
    public var file: String
    /// What the answer calls it: its name in the inbox.
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
    /// How numbers are held: `bf16` or `f32`; `nil` for the engine's default.
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
    /// Bytes the worker may hold; `nil` for what is free.
    public var budget: Int?
    /// Bytes to stay within as far as the job's floors allow: an attempt that held more died.
    public var target: Int?
    /// What predictions are multiplied with, from 1 on; `nil` where none was compared yet.
    public var margin: Double?

    /// What a job may hold.
    public init(budget: Int? = nil, target: Int? = nil, margin: Double? = nil) {
      self.budget = budget
      self.target = target
      self.margin = margin
    }
  }

  /// How much may be decoded of one medium.
  public struct Limits: Codable, Sendable, Equatable {
    /// Pixels of all frames of a video together, in thousand millions.
    public var videoGigapixels: Int
    /// The same of an animated picture.
    public var animationGigapixels: Int

    /// Limits from their numbers.
    public init(videoGigapixels: Int, animationGigapixels: Int) {
      self.videoGigapixels = videoGigapixels
      self.animationGigapixels = animationGigapixels
    }
  }

  /// The job's id.
  public var id: String
  /// The files, in the order of the prompt.
  public var media: [Medium]
  /// The questions, each answered on its own.
  public var prompts: [String]
  /// What was chosen.
  public var options: QuestionOptions
  /// The model.
  public var model: Model
  /// How much memory it may take.
  public var memory: Memory
  /// How much of a medium may be decoded; `nil` for the engine's own limits.
  public var limits: Limits?
  /// Which pictures are drawn: `all`, `final` or `none`.
  public var visualize: String

  /// A job.
  public init(
    id: String, media: [Medium], prompts: [String], options: QuestionOptions, model: Model,
    memory: Memory = Memory(), limits: Limits? = nil, visualize: String = "final"
  ) {
    self.id = id
    self.media = media
    self.prompts = prompts
    self.options = options
    self.model = model
    self.memory = memory
    self.limits = limits
    self.visualize = visualize
  }
}
