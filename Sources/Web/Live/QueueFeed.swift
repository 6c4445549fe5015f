import Basics
import Spool
import WebAPI
import WebServer
import WorkerProtocol

/// Tells browsers what the queue does, once per change; the daemon is asked once for all of them.
actor QueueFeed {
  private let client: SpoolClient
  private let pool: BlockingPool
  private var listeners: [Int: AsyncStream<String>.Continuation] = [:]
  private var nextKey = 0
  private var last = ""
  private var isLooking = false

  private static let interval = Duration.milliseconds(500)
  /// The most browsers that listen at a time.
  private static let most = 256

  init(client: SpoolClient, pool: BlockingPool) {
    self.client = client
    self.pool = pool
  }

  /// The states of the queue as JSON, beginning with the latest; `nil` where too many listen already.
  func listen() -> AsyncStream<String>? {
    guard listeners.count < Self.most else { return nil }
    let (stream, news) = AsyncStream.makeStream(
      of: String.self, bufferingPolicy: .bufferingNewest(1))
    let key = nextKey
    nextKey += 1
    listeners[key] = news
    news.onTermination = { [weak self] _ in Task { await self?.leave(key) } }
    if !last.isEmpty { news.yield(last) }
    if !isLooking {
      isLooking = true
      Task { await look() }
    }
    return stream
  }

  private func leave(_ key: Int) { listeners[key] = nil }

  private func look() async {
    var quiet = 0
    while !listeners.isEmpty {
      let now = (try? await pool.run { [client] in try Self.state(client) }) ?? "{}"
      quiet += 1
      // A sign of life, without which nobody would notice that a browser is gone.
      if now != last || quiet >= 20 {
        quiet = 0
        last = now
        for news in listeners.values { news.yield(now) }
      }
      try? await Task.sleep(for: Self.interval)
    }
    isLooking = false
    last = ""
  }

  private static func state(_ client: SpoolClient) throws -> String {
    let live = try client.live()
    let overview = try client.records().overview()
    var counts: [String: JSONValue] = [:]
    for state in JobState.allCases { counts[state.rawValue] = .integer(overview.count(state)) }
    let running = (live?.running ?? []).map { running -> JSONValue in
      .object([
        "id": .text(running.id), "name": .text(running.name),
        "stage": .text(running.progress?.stage ?? ""),
        "share": .integer(Int((running.progress?.share ?? 0) * 100)),
        "seconds": .integer(Int(running.seconds)),
        "left": running.remaining.map { .text(TimeSpan.text(seconds: $0)) } ?? .null,
        "memory": running.memory.map { .text(ByteCount.text(($0 >> 20) << 20)) } ?? .null,
        "written": .text(running.written ?? ""),
      ])
    }
    return JSONReply.text(
      .object([
        "daemon": .flag(live != nil), "paused": .flag(live?.isPaused ?? false),
        "counts": .object(counts), "running": .array(running),
      ]))
  }
}
