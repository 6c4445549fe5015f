import Spool
import WebServer

/// Tells those who wait for jobs what happens to them; asks the daemon once for all of them.
public actor JobWatch {
  private let client: SpoolClient
  private let pool: BlockingPool
  private var waiting: [Int: Waiting] = [:]
  private var nextKey = 0
  private var isLooking = false
  private var round = 0

  private struct Waiting {
    let id: String
    let news: AsyncStream<JobNews>.Continuation
    var last: LiveStatus.Running?
    /// Whether it was said that there is too little memory for the job.
    var isShort = false
    var beat: ContinuousClock.Instant
  }

  /// The time between two looks.
  private static let interval = Duration.milliseconds(60)
  /// Something is told at least this often, so that those who wait can send a sign of life.
  private static let heartbeat = Duration.seconds(10)
  /// Every so many rounds each job is asked for by its id.
  private static let thorough = 30
  /// The most that wait at a time; further ones are told nothing.
  private static let mostWaiting = 4096
  /// The most jobs of a state that are asked for in one round.
  private static let most = 200

  /// Nobody waits yet.
  public init(client: SpoolClient, pool: BlockingPool) {
    self.client = client
    self.pool = pool
  }

  /// The news of a job, until it has ended; only the latest are kept.
  public func follow(_ id: String) -> AsyncStream<JobNews> {
    let (stream, news) = AsyncStream.makeStream(
      of: JobNews.self, bufferingPolicy: .bufferingNewest(1))
    guard waiting.count < Self.mostWaiting else {
      news.finish()
      return stream
    }
    let key = nextKey
    nextKey += 1
    waiting[key] = Waiting(id: id, news: news, last: nil, beat: .now)
    news.onTermination = { [weak self] _ in Task { await self?.leave(key) } }
    if !isLooking {
      isLooking = true
      Task { await look() }
    }
    return stream
  }

  private func leave(_ key: Int) { waiting[key] = nil }

  private func look() async {
    while !waiting.isEmpty {
      let ids = round % Self.thorough == 0 ? Set(waiting.values.prefix(Self.most).map(\.id)) : []
      round += 1
      let seen = try? await pool.run { [client] in try Self.state(client, asking: ids) }
      if let seen { tell(seen.live, seen.jobs) }
      try? await Task.sleep(for: Self.interval)
    }
    isLooking = false
  }

  private static func state(
    _ client: SpoolClient, asking ids: Set<String>
  ) throws -> (live: LiveStatus?, jobs: [String: Job]) {
    let live = try client.live()
    let records = try client.records()
    var jobs = try records.lastChanged(
      in: [.done, .failed, .cancelled, .waitingMemory], limit: most)
    for id in ids {
      if let job = try records.job(id), job.state.isFinal || job.state == .waitingMemory {
        jobs.append(job)
      }
    }
    return (live, Dictionary(jobs.map { ($0.id, $0) }) { _, last in last })
  }

  private func tell(_ live: LiveStatus?, _ jobs: [String: Job]) {
    let running = Dictionary((live?.running ?? []).map { ($0.id, $0) }) { first, _ in first }
    for (key, one) in waiting {
      if let job = jobs[one.id] {
        if job.state.isFinal || !one.isShort { one.news.yield(JobNews(running: nil, job: job)) }
        if job.state.isFinal { one.news.finish() }
        waiting[key]?.isShort = true
        continue
      }
      let now = running[one.id]
      let isNew = now?.written != one.last?.written || now?.progress != one.last?.progress
      guard isNew || .now - one.beat > Self.heartbeat else { continue }
      one.news.yield(JobNews(running: now, job: nil))
      waiting[key]?.last = now
      waiting[key]?.beat = .now
    }
  }
}
