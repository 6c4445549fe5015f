import Diagnostics
import Engine
import Media
import MemoryPlanner
import Merging
import WorkerProtocol

/// Turns what a job chose into a request of the engine.
enum RequestBuilder {
  /// The request for one of a job's questions.
  ///
  /// - Parameter media: the paths that stand for the job's media.
  /// - Throws: `usage` for options the engine does not know.
  static func request(
    _ job: WorkerJob, media: [String], prompt: String
  ) throws(Failure) -> Request {
    let options = job.options
    var request = Request(prompt: prompt)
    request.system = options.system
    request.media = media.map { MediaItem(path: $0) }
    request.merging = try merging(options)
    request.framesPerSecond = options.fps
    request.frames = options.frames
    request.maxPixels = options.maxPixels
    if let most = options.maxNewTokens { request.maxNewTokens = most }
    if let temperature = options.temperature {
      request.sampling.temperature = Float(temperature)
    }
    if let topP = options.topP { request.sampling.topP = Float(topP) }
    if let topK = options.topK { request.sampling.topK = topK }
    if let penalty = options.repetitionPenalty {
      request.sampling.repetitionPenalty = Float(penalty)
    }
    request.memory = try memory(job)
    if let limits = job.limits {
      request.limits.maxVideoTotal = limits.videoGigapixels.multipliedClamped(by: 1_000_000_000)
      request.limits.maxAnimationTotal =
        limits.animationGigapixels.multipliedClamped(by: 1_000_000_000)
    }
    if let seed = options.seed { request.sampling.seed = UInt64(clamping: seed) }
    return request
  }

  private static func merging(_ options: JobOptions) throws(Failure) -> MergeParameters {
    let name = options.profile ?? MergeProfile.standard.rawValue
    guard let profile = MergeProfile(rawValue: name) else {
      throw Failure(
        .usage, code: .mergingProfile, "“\(name)” is not a merging profile",
        remedy: "Give tuned, exact, published or off.")
    }
    var parameters = MergeParameters(profile: profile)
    if profile != .off {
      parameters.visionEnabled = options.visionEnabled ?? true
      parameters.textEnabled = options.textEnabled ?? true
    }
    if let layers = options.visionLayers { parameters.visionLayers = try LayerList(text: layers) }
    if let layers = options.textLayers { parameters.textLayers = try LayerList(text: layers) }
    if let share = options.visionRetention { parameters.visionRetention = try Retention(share) }
    if let share = options.textRetention { parameters.textRetention = try Retention(share) }
    parameters.visionChoice = try choice(options.visionScore, "illava_vit_score")
    parameters.textChoice = try choice(options.textScore, "illava_llm_score")
    parameters.visionMinTokens = options.visionMinTokens
    if let mode = options.visionMode { parameters.visionMode = try mergeMode(mode) }
    if let mode = options.textMode { parameters.textMode = try mergeMode(mode) }
    return parameters
  }

  /// How much memory a job's questions may take.
  ///
  /// - Throws: `usage` for a floor there is none of.
  static func memory(_ job: WorkerJob) throws(Failure) -> MemoryRules {
    var rules = MemoryRules()
    if let budget = job.memory.budget { rules.limit = .bytes(budget) }
    rules.limitName = "running.memory_budget"
    rules.target = job.memory.target
    rules.margin = job.memory.margin ?? 1
    if let name = job.options.floor {
      guard let floor = TaskFloor(rawValue: name) else {
        throw Failure(
          .usage, code: .memoryFloor, "“\(name)” is not a floor",
          remedy: "Give any, scene or text.")
      }
      rules.floors = floor.floors
    }
    return rules
  }

  private static func choice<Choice: RawRepresentable & CaseIterable>(
    _ name: String?, _ option: String
  ) throws(Failure) -> Choice? where Choice.RawValue == String {
    guard let name else { return nil }
    guard let choice = Choice(rawValue: name) else {
      throw Failure(
        .usage, code: .mergingScore, "“\(name)” is not a value of “\(option)”",
        remedy: "Give one of \(Choice.allCases.map(\.rawValue).joined(separator: ", ")).")
    }
    return choice
  }

  private static func mergeMode(_ number: Int) throws(Failure) -> MergeMode {
    guard let mode = MergeMode(rawValue: number) else {
      throw Failure(
        .usage, code: .mergingMode, "\(number) is not a merging mode",
        remedy: "Give 1 (drop), 2 (shift-merge), 3 (recycle) or 4 (absorb).")
    }
    return mode
  }
}
