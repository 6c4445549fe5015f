/// A summary of the store in a few numbers.
public struct StoreOverview: Codable, Sendable, Equatable {
  /// Jobs in each state, by its name; states without jobs may be left out.
  public var counts: [String: Int]
  /// The time at which the longest-waiting job was claimed, in milliseconds since 1970.
  public var oldestWaiting: Int?
  /// The number of jobs that were answered with warnings; `nil` where the store does not know it.
  public var warned: Int?
  /// The number of stored requests.
  public var requestsWaiting: Int

  /// The number of jobs in a state.
  public func count(_ state: JobState) -> Int { counts[state.rawValue] ?? 0 }
}

extension JobStore {
  /// The number of jobs, and what waits.
  public func overview() throws -> StoreOverview {
    StoreOverview(
      counts: Dictionary(try counts().map { ($0.key.rawValue, $0.value) }) { $1 },
      oldestWaiting: try oldestWaiting(), warned: try warned(),
      requestsWaiting: try keptRequestCount())
  }
}
