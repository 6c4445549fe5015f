import Diagnostics
import Spool
import WorkerProtocol

/// A question that was handed in, while it is answered.
///
/// Only the task that serves the request uses it. If that ends early, because the client is gone, the job is
/// cancelled.
public final class ChatRun: @unchecked Sendable {
  /// The job.
  public let id: String
  private let desk: ChatDesk
  private var news: AsyncStream<JobNews>.Iterator
  private var filter: StopFilter
  private let isStored: Bool
  private var isOver = false
  private var text = ""
  private var left: ChatEvent?

  init(id: String, desk: ChatDesk, news: AsyncStream<JobNews>, stops: [String], isStored: Bool) {
    self.id = id
    self.desk = desk
    self.news = news.makeAsyncIterator()
    filter = StopFilter(stops)
    self.isStored = isStored
  }

  /// Whether the answer was ended by one of the texts at which it ends.
  var isStopped: Bool { filter.isStopped }

  deinit {
    desk.left()
    let (id, desk) = (id, desk)
    if !isOver { Task { await desk.cancel(id) } }
  }

  /// What happens next; nothing does after the end.
  public func next() async -> ChatEvent {
    if let left {
      self.left = nil
      return left
    }
    guard !isOver else { return .nothing }
    var news = news
    let next = await news.next(isolation: #isolation)
    self.news = news
    guard let next else { return .failed(Self.gone) }
    if let job = next.job { return await end(job) }
    guard let written = next.running?.written, next.running?.progress?.prompt ?? 0 == 0 else {
      return .nothing
    }
    text = written
    let piece = filter.next(written, isWhole: false)
    return piece.isEmpty ? .nothing : .text(piece)
  }

  private func end(_ job: Job) async -> ChatEvent {
    guard job.state.isFinal else {
      // A client cannot be kept waiting until other programs give memory back.
      return .failed(
        job.error?.failure
          ?? Failure(.outOfMemory, code: .memoryNow, "there is too little memory now"))
    }
    isOver = true
    let outcome = await desk.outcome(of: job)
    if !isStored { await desk.forget(job.id) }
    guard case .answered(let answer) = outcome else { return outcome }
    let rest = filter.next(answer.text, isWhole: true)
    guard !rest.isEmpty else { return outcome }
    left = outcome
    return .text(rest)
  }

  /// The whole answer.
  ///
  /// - Returns: the answer, and its text up to the first stop.
  /// - Throws: why there is none.
  public func whole() async throws(Failure) -> (answer: ChatAnswer, text: String) {
    var text = ""
    while true {
      switch await next() {
      case .text(let piece): text += piece
      case .nothing: if Task.isCancelled { throw Self.gone }
      case .answered(let answer): return (answer, text)
      case .failed(let failure): throw failure
      }
    }
  }

  private static let gone = Failure(.fault, code: .workerCancelled, "the client is gone")
}
