import Answers

/// A message of a worker to the daemon; one JSON object per line.
public enum WorkerEvent: Sendable, Equatable {
  /// The worker is ready, with these restrictions.
  case ready(WorkerCage)
  /// The model of the job is open: what is known of it.
  case opened(AnswerDocument.Model)
  /// The progress of the job.
  case progress(WorkerProgress)
  /// The next piece of an answer, while it is written.
  case text(WorkerText)
  /// The memory plan of a question of the job.
  case planned(WorkerPlan)
  /// A file of the answer; its bytes follow the line.
  case file(WorkerFile)
  /// The job is answered, and its files were sent.
  case done(WorkerSummary)
  /// The job could not be answered.
  case failed(ErrorReport)
  /// The job was cancelled by the daemon.
  case cancelled
}

/// The progress of a job.
public struct WorkerProgress: Codable, Sendable, Equatable {
  /// The stage: `loading`, `media`, `vision`, `prefill` or `decode`.
  public var stage: String
  /// How much of the stage is done, from 0 to 1.
  public var share: Double
  /// The number of the current question, from 0.
  public var prompt: Int
  /// The number of questions.
  public var prompts: Int

  /// A stage and how much of it is done.
  public init(stage: String, share: Double, prompt: Int, prompts: Int) {
    self.stage = stage
    self.share = share
    self.prompt = prompt
    self.prompts = prompts
  }
}

/// A piece of an answer.
public struct WorkerText: Codable, Sendable, Equatable {
  /// The number of the question, from 0.
  public var prompt: Int
  /// What was written since the last piece.
  public var text: String

  /// A piece from its parts.
  public init(prompt: Int, text: String) {
    self.prompt = prompt
    self.text = text
  }
}

/// A summary of an answer, for listings.
public struct WorkerSummary: Codable, Sendable, Equatable {
  /// The first answer, cut to the length of a line.
  public var answer: String
  /// Why the first answer ended that did not end by itself, as in `answer.json`; `nil` where all did, and
  /// in summaries of older versions.
  public var ending: String?
  /// The peak memory of the worker, in bytes.
  public var peakMemory: Int
  /// The predicted peak memory, in bytes; `nil` in summaries of older versions.
  public var predictedMemory: Int?
  /// The memory it was allowed to use, in bytes; `nil` where nothing limited it.
  public var memoryBudget: Int?
  /// What was given up to fit into memory, in words; `nil` where nothing was.
  public var adaptations: [String]?
  /// What is wrong with the media, or was not done, in words; `nil` where nothing is, and in summaries of
  /// older versions.
  public var warnings: [String]?
  /// Remarks on the model and on merging, in words; `nil` where there are none.
  public var notes: [String]?
  /// Seconds per stage.
  public var seconds: [String: Double]
  /// Visual tokens before merging.
  public var visualTokens: Int
  /// Visual tokens left after merging.
  public var visualTokensLeft: Int

  /// A summary.
  public init(
    answer: String, peakMemory: Int, seconds: [String: Double], visualTokens: Int,
    visualTokensLeft: Int
  ) {
    self.answer = answer
    self.peakMemory = peakMemory
    self.seconds = seconds
    self.visualTokens = visualTokens
    self.visualTokensLeft = visualTokensLeft
  }
}

extension WorkerEvent: Codable {
  private enum CodingKeys: String, CodingKey {
    case type, cage, model, progress, piece, plan, file, summary, error
  }
  private enum Name: String, Codable {
    case ready, opened, progress, text, planned, file, done, failed, cancelled
  }

  /// Reads the member `type` and the members of that type.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    switch try container.decode(Name.self, forKey: .type) {
    case .ready: self = .ready(try container.decode(WorkerCage.self, forKey: .cage))
    case .opened:
      self = .opened(try container.decode(AnswerDocument.Model.self, forKey: .model))
    case .progress:
      self = .progress(try container.decode(WorkerProgress.self, forKey: .progress))
    case .text: self = .text(try container.decode(WorkerText.self, forKey: .piece))
    case .planned: self = .planned(try container.decode(WorkerPlan.self, forKey: .plan))
    case .file: self = .file(try container.decode(WorkerFile.self, forKey: .file))
    case .done: self = .done(try container.decode(WorkerSummary.self, forKey: .summary))
    case .failed: self = .failed(try container.decode(ErrorReport.self, forKey: .error))
    case .cancelled: self = .cancelled
    }
  }

  /// Writes the member `type` and the members of that type.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    switch self {
    case .ready(let cage):
      try container.encode(Name.ready, forKey: .type)
      try container.encode(cage, forKey: .cage)
    case .opened(let model):
      try container.encode(Name.opened, forKey: .type)
      try container.encode(model, forKey: .model)
    case .progress(let progress):
      try container.encode(Name.progress, forKey: .type)
      try container.encode(progress, forKey: .progress)
    case .text(let piece):
      try container.encode(Name.text, forKey: .type)
      try container.encode(piece, forKey: .piece)
    case .planned(let plan):
      try container.encode(Name.planned, forKey: .type)
      try container.encode(plan, forKey: .plan)
    case .file(let file):
      try container.encode(Name.file, forKey: .type)
      try container.encode(file, forKey: .file)
    case .done(let summary):
      try container.encode(Name.done, forKey: .type)
      try container.encode(summary, forKey: .summary)
    case .failed(let error):
      try container.encode(Name.failed, forKey: .type)
      try container.encode(error, forKey: .error)
    case .cancelled: try container.encode(Name.cancelled, forKey: .type)
    }
  }
}
