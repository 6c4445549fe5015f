import Diagnostics
import WorkerProtocol

/// Queries the store of a daemon through the daemon.
struct RemoteRecords: JobRecords {
  let root: String

  func job(_ id: String) throws -> Job? { try ask(StoreQuery(.job, text: id)).jobs?.first }

  func ids(prefix: String, limit: Int) throws -> [String] {
    var query = StoreQuery(.idsByPrefix, text: prefix)
    query.limit = limit
    return try ask(query).ids ?? []
  }

  func ids(name: BytePath, limit: Int) throws -> [String] {
    var query = StoreQuery(.idsByName, text: name.escaped)
    query.limit = limit
    return try ask(query).ids ?? []
  }

  func jobs(
    in states: [JobState], newestFirst: Bool, limit: Int, after last: String?
  ) throws -> [Job] {
    var query = StoreQuery(.jobs)
    query.states = states
    query.newestFirst = newestFirst
    query.after = last
    var all: [Job] = []
    while limit < 0 || all.count < limit {
      query.limit = limit < 0 ? nil : limit - all.count
      let some = try ask(query).jobs ?? []
      all += some
      guard some.count == query.rows, let last = some.last else { break }
      query.after = last.id
    }
    return all
  }

  func find(_ filter: JobFilter) throws -> [Job] {
    var query = StoreQuery(.find)
    query.filter = filter
    return try ask(query).jobs ?? []
  }

  func lastChanged(in states: [JobState], limit: Int) throws -> [Job] {
    var query = StoreQuery(.lastChanged)
    query.states = states
    query.limit = limit
    return try ask(query).jobs ?? []
  }

  func overview() throws -> StoreOverview {
    try ask(StoreQuery(.overview)).overview ?? StoreOverview(counts: [:], requestsWaiting: 0)
  }

  func attempts(of id: String) throws -> [Attempt] {
    try ask(StoreQuery(.attempts, text: id)).attempts ?? []
  }

  func events(of id: String?, after: Int, limit: Int) throws -> [JobEvent] {
    var query = StoreQuery(.events, text: id)
    query.sequence = after
    query.limit = limit
    return try ask(query).events ?? []
  }

  private func ask(_ query: StoreQuery) throws(Failure) -> StoreAnswer {
    var request = ControlRequest(.query)
    request.query = query
    guard let reply = try ControlClient(root: root).ask(request) else {
      throw SpoolRights.refusal(root)
    }
    if let error = reply.error { throw error.failure }
    return reply.records ?? StoreAnswer()
  }
}
