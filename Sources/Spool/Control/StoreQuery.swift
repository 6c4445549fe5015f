/// A query to a daemon's store, for users who may not read the store.
struct StoreQuery: Codable, Sendable, Equatable {
  /// The kind of query: the members of `JobRecords`.
  enum Subject: String, Codable, Sendable {
    case job, idsByPrefix, idsByName, jobs, find, lastChanged, overview, attempts, events
  }

  /// The most rows of a reply; more are fetched by further queries.
  static let maxRows = 200

  var subject: Subject
  /// An id, the beginning of one, or a name.
  var text: String?
  var states: [JobState]?
  var newestFirst: Bool?
  var limit: Int?
  /// Only jobs after this one.
  var after: String?
  /// For `find`: which jobs.
  var filter: JobFilter?
  /// Only events after this one.
  var sequence: Int?

  init(_ subject: Subject, text: String? = nil) {
    self.subject = subject
    self.text = text
  }

  /// The number of rows wanted, at most as many as a reply has.
  var rows: Int { min(Self.maxRows, max(0, limit ?? Self.maxRows)) }
}

/// The result of a query; only the member that was asked for is set.
struct StoreAnswer: Codable, Sendable {
  var ids: [String]?
  var jobs: [Job]?
  var overview: StoreOverview?
  var attempts: [Attempt]?
  var events: [JobEvent]?
}

extension JobStore {
  /// Answers a query.
  func answer(_ query: StoreQuery) throws -> StoreAnswer {
    let text = query.text ?? ""
    let states = query.states ?? JobState.allCases
    var answer = StoreAnswer()
    switch query.subject {
    case .job: answer.jobs = [try job(text)].compactMap(\.self)
    case .idsByPrefix: answer.ids = try ids(prefix: text, limit: query.rows)
    case .idsByName: answer.ids = try ids(name: BytePath(escaped: text), limit: query.rows)
    case .jobs:
      answer.jobs = try jobs(
        in: states, newestFirst: query.newestFirst ?? false, limit: query.rows, after: query.after)
    case .find:
      var filter = query.filter ?? JobFilter()
      filter.limit = min(StoreQuery.maxRows, max(0, filter.limit))
      answer.jobs = try find(filter)
    case .lastChanged: answer.jobs = try lastChanged(in: states, limit: query.rows)
    case .overview: answer.overview = try overview()
    case .attempts: answer.attempts = try attempts(of: text)
    case .events:
      answer.events = try events(of: query.text, after: query.sequence ?? 0, limit: query.rows)
    }
    return answer
  }
}
