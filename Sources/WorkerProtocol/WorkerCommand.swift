/// What the daemon tells a worker; one JSON object a line.
public enum WorkerCommand: Sendable, Equatable {
  /// Answer a job.
  case job(WorkerJob)
  /// Give up the job that is being worked on and say so.
  case cancel
}

extension WorkerCommand: Codable {
  private enum CodingKeys: String, CodingKey { case type, job }
  private enum Name: String, Codable { case job, cancel }

  /// Reads the member `type` and what belongs to it.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    switch try container.decode(Name.self, forKey: .type) {
    case .job: self = .job(try container.decode(WorkerJob.self, forKey: .job))
    case .cancel: self = .cancel
    }
  }

  /// Writes the member `type` and what belongs to it.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    switch self {
    case .job(let job):
      try container.encode(Name.job, forKey: .type)
      try container.encode(job, forKey: .job)
    case .cancel: try container.encode(Name.cancel, forKey: .type)
    }
  }
}
