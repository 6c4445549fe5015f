/// Queries about jobs, answered by the store itself or through the daemon.
public protocol JobRecords {
  /// A job by its full id.
  func job(_ id: String) throws -> Job?
  /// The ids with this beginning, the latest first.
  func ids(prefix: String, limit: Int) throws -> [String]
  /// The ids of jobs with this name, the latest first.
  func ids(name: BytePath, limit: Int) throws -> [String]
  /// Jobs in some states, by age.
  ///
  /// - Parameters:
  ///   - newestFirst: whether the latest come first.
  ///   - limit: the most jobs; -1 for all.
  ///   - last: only jobs after this one in the order; `nil` for all.
  func jobs(in states: [JobState], newestFirst: Bool, limit: Int, after last: String?) throws
    -> [Job]
  /// Jobs that a filter lets through, the latest first.
  func find(_ filter: JobFilter) throws -> [Job]
  /// The jobs whose state changed last, the latest first.
  func lastChanged(in states: [JobState], limit: Int) throws -> [Job]
  /// The number of jobs, and what waits.
  func overview() throws -> StoreOverview
  /// The attempts at a job.
  func attempts(of id: String) throws -> [Attempt]
  /// The history of a job, or of the whole spool.
  ///
  /// - Parameter after: only events with a greater sequence.
  func events(of id: String?, after: Int, limit: Int) throws -> [JobEvent]
}

extension JobStore: JobRecords {}
