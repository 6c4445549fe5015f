import Spool
import WebServer

/// Numbers of the last day, one row per minute.
actor LoadHistory {
  /// A row.
  struct Sample: Sendable {
    /// Jobs that wait.
    var waiting: Int
    /// Jobs that were answered, since the store was made.
    var done: Int
    /// Bytes of the workers.
    var workers: Int
    /// Bytes of the daemon.
    var daemon: Int
    /// Bytes left on the disk.
    var free: Int
  }

  private var rows: [Sample] = []
  private static let most = 24 * 60

  /// All rows, the latest last.
  var samples: [Sample] { rows }

  /// Adds a row every minute, until the task is cancelled.
  func run(_ client: SpoolClient, _ pool: BlockingPool) async {
    while !Task.isCancelled {
      if let sample = try? await pool.run({ try Self.sample(client) }) {
        if rows.count >= Self.most { rows.removeFirst() }
        rows.append(sample)
      }
      try? await Task.sleep(for: .seconds(60))
    }
  }

  private static func sample(_ client: SpoolClient) throws -> Sample {
    let overview = try client.records().overview()
    let live = try client.live()
    return Sample(
      waiting: JobState.allCases.filter(\.isWaiting).map(overview.count).reduce(0, +),
      done: overview.count(.done), workers: (live?.running ?? []).compactMap(\.memory).reduce(0, +),
      daemon: live?.memory ?? 0, free: live?.freeBytes ?? 0)
  }
}
