import Answers
import Diagnostics
import Spool
import Synchronization
import WebServer
import WorkerProtocol

/// Hands questions in as jobs and follows them.
public final class ChatDesk: Sendable {
  /// The spool.
  public let client: SpoolClient
  /// Threads for calls that wait.
  public let pool: BlockingPool
  /// Threads for files that are written, which may wait for the disk for long; nothing else waits for them.
  public let writing = BlockingPool()
  /// Those who wait.
  public let watch: JobWatch
  private let priority: Int
  private let mostWaiting: Int
  private let open = Atomic<Int>(0)

  /// The longest wait for the daemon to take a job.
  private static let patience = Duration.seconds(30)

  /// A desk of a spool.
  ///
  /// - Parameters:
  ///   - priority: of all jobs that are handed in here.
  ///   - mostWaiting: with so many jobs waiting, no further ones are taken.
  public init(client: SpoolClient, pool: BlockingPool, priority: Int = 50, mostWaiting: Int = 256) {
    self.client = client
    self.pool = pool
    self.priority = priority
    self.mostWaiting = mostWaiting
    watch = JobWatch(client: client, pool: pool)
  }

  /// The questions that are being answered.
  public var questions: Int { open.load(ordering: .relaxed) }

  /// What the daemon says.
  ///
  /// - Throws: `control.*`.
  public func live() async throws -> LiveStatus {
    guard let live = try await pool.run({ [client] in try client.live() }) else {
      throw Self.noDaemon
    }
    return live
  }

  private static let noDaemon = Failure(
    .modelUnusable, code: .controlClosed, "no daemon is running",
    remedy: "Start illavad; what was asked before is not lost.")

  /// Checks that a job would be taken: there is a daemon, and not too many jobs wait.
  ///
  /// - Returns: what the daemon says.
  /// - Throws: `web.busy`, `control.*`, and what keeps the daemon from working.
  public func checkRoom() async throws -> LiveStatus {
    let (live, waiting) = try await pool.run { [client] in
      let overview = try client.records().overview()
      return (
        try client.live(), JobState.allCases.filter(\.isWaiting).map(overview.count).reduce(0, +)
      )
    }
    guard let live, !live.isDraining else {
      throw Self.noDaemon
    }
    if let obstacle = live.obstacle { throw obstacle.failure }
    guard max(waiting, questions) < mostWaiting else {
      throw Failure(
        .fault, code: .webBusy, "\(max(waiting, questions)) jobs wait already",
        remedy: "Ask again later.")
    }
    return live
  }

  /// Hands a question in.
  ///
  /// - Throws: `Failure`.
  public func ask(_ question: ChatQuestion, _ intake: RequestIntake) async throws -> ChatRun {
    open.add(1, ordering: .relaxed)
    do {
      let id = try await writing.run { [client, priority] in
        let submission = try question.submission(
          for: intake.pending, root: client.root, priority: priority)
        try intake.pending.submit(submission)
        return intake.pending.id
      }
      return ChatRun(
        id: id, desk: self, news: await watch.follow(id), stops: question.stops,
        isStored: question.isStored)
    } catch {
      open.subtract(1, ordering: .relaxed)
      throw error
    }
  }

  func left() { open.subtract(1, ordering: .relaxed) }

  /// The answer of a job that has ended.
  func outcome(of job: Job) async -> ChatEvent {
    do {
      let document = try await pool.run { [client] () -> AnswerDocument in
        if job.state == .done {
          guard let answer = try client.answer(job) else { throw SpoolClient.goneAnswer(job) }
          return try JSONLine.decode(AnswerDocument.self, answer.json)
        }
        throw job.error?.failure
          ?? Failure(.fault, code: .workerCancelled, "the job was \(job.state.rawValue)")
      }
      return .answered(ChatAnswer(job: job.id, document: document))
    } catch let failure as Failure {
      return .failed(failure)
    } catch {
      return .failed(Failure(.fault, code: .webBody, "\(error)"))
    }
  }

  /// Cancels a job, also one that the daemon has not taken yet.
  func cancel(_ id: String) async {
    let start = ContinuousClock.now
    while .now - start < Self.patience {
      let isOver = try? await pool.run { [client] in
        if let job = try client.records().job(id), job.state.isFinal { return true }
        return try client.change(ControlRequest(.cancel, ids: [id]))?.results.first?.changed
          ?? false
      }
      if isOver == true { return }
      try? await Task.sleep(for: .milliseconds(300))
    }
  }

  /// Removes a job with its answer, and what the store knows of it.
  func forget(_ id: String) async {
    _ = try? await pool.run { [client] in
      try client.change(ControlRequest(.clean, ids: [id], forgets: true))
    }
  }
}
