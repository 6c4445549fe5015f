/// A command of the daemon to a worker; one JSON object per line.
public enum WorkerCommand: Sendable, Equatable {
  /// Answer a job, whose media came with the lines before.
  case job(WorkerJob)
  /// This many open files come with this line: media of the next job, in their order.
  case files(Int)
  /// Cancel the current job and confirm it.
  case cancel
}

extension WorkerCommand: Codable {
  private enum CodingKeys: String, CodingKey { case type, job, count }
  private enum Name: String, Codable { case job, files, cancel }

  /// Reads the member `type` and the members of that type.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    switch try container.decode(Name.self, forKey: .type) {
    case .job: self = .job(try container.decode(WorkerJob.self, forKey: .job))
    case .files: self = .files(try container.decode(Int.self, forKey: .count))
    case .cancel: self = .cancel
    }
  }

  /// Writes the member `type` and the members of that type.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    switch self {
    case .job(let job):
      try container.encode(Name.job, forKey: .type)
      try container.encode(job, forKey: .job)
    case .files(let count):
      try container.encode(Name.files, forKey: .type)
      try container.encode(count, forKey: .count)
    case .cancel: try container.encode(Name.cancel, forKey: .type)
    }
  }
}
