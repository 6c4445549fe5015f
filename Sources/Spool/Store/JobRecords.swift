/// What can be looked up about jobs, whether in the store itself or through the daemon.
public protocol JobRecords {
  /// A job by its whole id.
  func job(_ id: String) throws -> Job?
  /// The ids that begin like this, the latest first.
  func ids(prefix: String, limit: Int) throws -> [String]
  /// The ids of jobs with this name, the latest first.
  func ids(name: BytePath, limit: Int) throws -> [String]
  /// Jobs in some states, by age.
  ///
  /// - Parameters:
  ///   - newestFirst: whether the latest come first.
  ///   - limit: the most jobs; -1 for all.
  ///   - last: only jobs behind this one in the order; `nil` for all.
  func jobs(in states: [JobState], newestFirst: Bool, limit: Int, after last: String?) throws
    -> [Job]
  /// Jobs that waited, were begun or ended last, the latest first.
  func lastChanged(in states: [JobState], limit: Int) throws -> [Job]
  /// How many jobs there are, and what waits.
  func overview() throws -> StoreOverview
  /// The attempts at a job.
  func attempts(of id: String) throws -> [Attempt]
  /// The history of a job, or of everything.
  ///
  /// - Parameter after: only events with a greater sequence.
  func events(of id: String?, after: Int, limit: Int) throws -> [JobEvent]
}

extension JobStore: JobRecords {}
