import Diagnostics
import WorkerProtocol

/// A request that is carried out in small steps.
final class RequestRun {
  /// The request.
  let request: ControlRequest
  /// The results so far.
  private(set) var reply = ControlReply()
  private var rest: [String]?
  private var cleaning: CleaningRun?

  init(_ request: ControlRequest) { self.request = request }

  /// Does the next step.
  ///
  /// - Returns: whether the request is done; a failure ends it, too.
  func step(_ spooler: Spooler) -> Bool {
    do {
      return try advance(spooler)
    } catch {
      reply.error = ErrorReport(Failure.describing(error))
      return true
    }
  }

  private func advance(_ spooler: Spooler) throws -> Bool {
    switch request.command {
    case .status: reply.live = try spooler.live()
    case .metrics: reply.text = try spooler.metricsText()
    case .pause, .resume: reply.results = [try spooler.pause(request.command == .pause)]
    case .cancel, .hold, .release, .retry, .retryFailed: return try advanceJobs(spooler)
    case .clean:
      let run = cleaning ?? CleaningRun(spooler.cleaner, wish)
      cleaning = run
      guard try run.step() else { return false }
      reply.results = run.texts.map { ControlReply.Result(id: nil, changed: true, message: $0) }
    case .reload:
      reply.results = [
        ControlReply.Result(id: nil, changed: false, message: "the daemon reads it itself")
      ]
    case .query: reply.records = try request.query.map { try spooler.store.answer($0) }
    }
    return true
  }

  private var wish: Cleaner.Wish {
    Cleaner.Wish(
      ids: request.ids, olderThan: request.olderThan, forgets: request.forgets ?? false)
  }

  /// Changes one job.
  private func advanceJobs(_ spooler: Spooler) throws -> Bool {
    let isAll = request.command == .retryFailed
    if rest == nil {
      // Reversed, because removing the last element of an array is cheap.
      rest = (isAll ? try spooler.store.ids(in: [.failed]) : request.ids).reversed()
    }
    if let id = rest?.popLast() {
      reply.results.append(try spooler.change(id, isAll ? .retry : request.command))
    }
    return rest?.isEmpty ?? true
  }
}
