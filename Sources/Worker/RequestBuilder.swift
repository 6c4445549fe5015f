import Diagnostics
import Engine
import Media
import MemoryPlanner
import Models
import Options
import WorkerProtocol

/// Converts a job's options to a request of the engine.
enum RequestBuilder {
  /// The request for one of a job's questions.
  ///
  /// - Parameter media: the paths that refer to the job's media.
  /// - Throws: `usage` for options the engine does not know.
  static func request(
    _ job: WorkerJob, media: [String], prompt: String
  ) throws(Failure) -> Request {
    var request = try Request(prompt: prompt, options: job.options)
    request.media = media.map { MediaItem(path: $0) }
    request.turns = (job.turns ?? []).map { Turn(question: $0.question, answer: $0.answer) }
    request.memory = try memory(job)
    if let limits = job.limits {
      request.limits.maxVideoTotal = limits.videoGigapixels.multipliedClamped(by: 1_000_000_000)
      request.limits.maxAnimationTotal =
        limits.animationGigapixels.multipliedClamped(by: 1_000_000_000)
    }
    return request
  }

  /// How much memory a job's questions may take.
  ///
  /// - Throws: `usage` for an unknown floor.
  static func memory(_ job: WorkerJob) throws(Failure) -> MemoryRules {
    var rules = MemoryRules()
    if let budget = job.memory.budget { rules.limit = .bytes(budget) }
    rules.limitName = "running.memory_budget"
    rules.target = job.memory.target
    rules.margin = job.memory.margin ?? 1
    rules.floors = (try job.options.value(\.floor) ?? .any).floors
    return rules
  }
}
