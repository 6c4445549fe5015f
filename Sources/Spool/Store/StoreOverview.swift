/// The store in a few numbers.
public struct StoreOverview: Codable, Sendable, Equatable {
  /// Jobs in each state, by its name; states without jobs may be left out.
  public var counts: [String: Int]
  /// When the job was taken that waits for longest, in milliseconds since 1970.
  public var oldestWaiting: Int?
  /// Requests that wait for a daemon.
  public var requestsWaiting: Int

  /// The number of jobs in a state.
  public func count(_ state: JobState) -> Int { counts[state.rawValue] ?? 0 }
}

extension JobStore {
  /// How many jobs there are, and what waits.
  public func overview() throws -> StoreOverview {
    StoreOverview(
      counts: Dictionary(try counts().map { ($0.key.rawValue, $0.value) }) { $1 },
      oldestWaiting: try oldestWaiting(), requestsWaiting: try keptRequestCount())
  }
}
