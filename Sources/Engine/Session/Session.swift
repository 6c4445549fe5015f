import Checkpoint
import Compute
import Diagnostics
import MemoryPlanner
import Merging
import Models
import Options
import Tokenizer

/// A loaded model and the threads it computes with. It answers one question at a time.
public final class Session {
  /// The model.
  public let model: any VisionLanguageModel
  /// Which model it is; `nil` for one that was not opened from a folder.
  public private(set) var identity: ModelIdentity?
  /// The threads.
  public let threads: ThreadTeam

  /// Memory of the process besides weights and work, in bytes.
  let baseline: Int

  /// Whether the decoded and encoded media of a question and its prefill are kept, so that another question
  /// about the same media neither decodes and encodes nor reads them again. Setting it to `false` frees
  /// them.
  public var remembersMedia = false {
    didSet { if !remembersMedia { remembered = SeenMedia() } }
  }

  var remembered = SeenMedia()

  /// Uses what is remembered for the files of a further job, if their bytes are those that were seen; frees
  /// it otherwise.
  ///
  /// - Parameter check: called while the files are read; what it throws ends that.
  /// - Throws: `missingInput` for a file that cannot be read.
  public func hand(
    to media: [MediaItem], check: @escaping () throws(Failure) -> Void
  ) throws(Failure) {
    try remembered.hand(to: media, check: check)
  }
  let forms = AnswerForms()

  /// Reads the memory budget.
  let budgets: BudgetReader

  /// A session with a model that is already loaded.
  ///
  /// - Parameter budgets: reads the memory budget; tests pass their own.
  public init(
    model: any VisionLanguageModel, threads: ThreadTeam, budgets: BudgetReader = BudgetReader()
  ) {
    ProcessMemory.returnFreedBlocks()
    // What is resident now besides weights: the program, its libraries, the vocabulary.
    baseline =
      max(0, ProcessMemory.resident - model.assets.weights.ownedBytes) + ProcessMemory.allowance
    self.model = model
    self.threads = threads
    self.budgets = budgets
  }

  /// Opens a model folder.
  ///
  /// - Parameters:
  ///   - threads: threads to compute with; `nil` for one per processor.
  ///   - memory: the memory rules for the weights: weights that do not fit are refused before they are
  ///     read.
  ///   - budgets: reads the memory budget; tests pass their own.
  /// - Throws: `missingInput` or `modelUnusable`, `memory.never` or `memory.now`.
  public convenience init(
    modelFolder: String, options: ModelOptions = ModelOptions(), threads: Int? = nil,
    memory: MemoryRules = MemoryRules(), budgets: BudgetReader = BudgetReader()
  ) throws(Failure) {
    try self.init(
      ModelPlace(modelFolder), options: options, threads: threads, memory: memory, budgets: budgets)
  }

  /// Opens a model wherever it lies.
  ///
  /// - Throws: as `init(modelFolder:)`, and as `ModelPlace.open()`.
  public convenience init(
    _ place: ModelPlace, options: ModelOptions = ModelOptions(), threads: Int? = nil,
    memory: MemoryRules = MemoryRules(), budgets: BudgetReader = BudgetReader()
  ) throws(Failure) {
    ProcessMemory.returnFreedBlocks()
    let checkpoint = try place.open()
    let files = ModelFiles(checkpoint)
    if memory.limit != .unplanned {
      try Self.admit(
        try ModelRegistry.weightBytes(files, of: checkpoint, options: options), options, memory,
        budgets)
    }
    var options = options
    options.threads = threads
    self.init(
      model: try ModelRegistry.load(files, of: checkpoint, options: options),
      threads: ThreadTeam(count: threads), budgets: budgets)
    identity = ModelIdentity(
      family: try ModelRegistry.familyName(of: files), digest: try checkpoint.digest())
  }

  /// Refuses weights that do not fit, because packing them would exhaust the memory, and reading them
  /// would leave none for the work.
  private static func admit(
    _ weights: Int, _ options: ModelOptions, _ rules: MemoryRules, _ budgets: BudgetReader
  ) throws(Failure) {
    guard let budget = budgets.budget(rules) else { return }
    var cost = MemoryCost()
    cost.weights = weights
    let refusal = MemoryRefusal(
      cost: cost, baseline: ProcessMemory.resident + ProcessMemory.allowance, margin: rules.margin,
      smaller: options.weights.smaller)
    guard refusal.needed > budget.bytes else { return }
    throw refusal.failure(budget: budget, ceiling: budgets.ceiling(rules))
  }

  /// Answers a question.
  ///
  /// - Parameters:
  ///   - request: the question.
  ///   - events: receives progress and every piece of the answer.
  ///   - dump: collects intermediate results for comparison with other implementations.
  /// - Throws: `badInput`, `missingInput` or `usage` for the request, `outOfMemory`.
  public func answer(
    _ request: Request, events: SessionEvents = SessionEvents(), dump: AnswerDump? = nil
  ) throws(Failure) -> Answer {
    try request.sampling.validate()
    guard request.maxNewTokens >= 0, request.maxNewTokens <= 1 << 20 else {
      throw Failure(
        .usage, code: .engineNewTokens,
        "\(request.maxNewTokens) is not a sensible number of new tokens",
        remedy: "Give 0 to \(1 << 20).")
    }
    let asked = try resolve(request)
    let guide = try forms.guide(request.form, model)
    var observer = ComputeObserver()
    observer.progress = events.progress
    observer.check = events.check
    observer.trace = dump.map { dump in { name, rows in dump.record(name, rows) } }

    var times = StageTimes()
    let fitted = try times.measure(\.media) { () throws(Failure) in
      try fit(request, merging: asked, events)
    }
    let plan = fitted.plan
    events.planned?(plan)
    threads.rowsAtOnce = plan.rowsAtOnce
    defer { threads.rowsAtOnce = ThreadTeam.maxRowsAtOnce }
    let seen = try times.measure(\.vision) { () throws(Failure) in
      try see(fitted, request, plan.merging, observer)
    }
    let look = SecondLook(reader: budgets, rules: request.memory, plan: plan)
    let (generation, merging) = try times.measure(\.prefill) { () throws(Failure) in
      // Intermediate results are those of the whole prompt.
      try read(seen, fitted, request, look, observer, isShared: dump == nil)
    }
    let firstLogits = generation.logits
    let written = try times.measure(\.decode) { () throws(Failure) in
      try write(generation, request, guide, prompt: seen.prompt, events)
    }
    threads.releaseScratch()
    var answer = Answer(
      text: written.text, thought: written.thought, generated: written.generated,
      finishReason: written.reason, value: written.value(of: request.form),
      logprobs: written.logprobs, choices: written.choices, missingShare: written.missingShare,
      sources: fitted.sources,
      promptTokens: seen.prompt.ids.count, sharedTokens: generation.sharedTokens,
      visualTokens: seen.prompt.visualTokens,
      merging: merging, steps: seen.steps + generation.steps, segments: seen.prompt.segments,
      runs: seen.prompt.runs, tokenSide: model.shape.tokenSide,
      visuals: request.keepsVisuals ? fitted.question.visuals : [],
      visionCounts: seen.segments.map(\.count), runCounts: seen.runCounts,
      plan: plan.adding(look.adaptations),
      survivors: generation.survivors, cacheLengths: generation.cacheLengths, seconds: times,
      boxes: boxes(of: written, request, fitted.sources), notes: model.assets.notes,
      peakMemory: ProcessMemory.peak)
    answer.computed = seen.segments.map(\.computed)
    dump?.record(answer, prompt: seen.prompt, logits: firstLogits)
    return answer
  }

  /// Plans how a question would be computed in the memory now available, without computing it.
  ///
  /// - Throws: as `answer`.
  public func plan(_ request: Request) throws(Failure) -> MemoryPlan {
    try fit(request, merging: try resolve(request), SessionEvents()).plan
  }

  /// Plans how a question would be computed in the memory now available, and within other budgets.
  ///
  /// - Parameter points: the number of budgets to try.
  /// - Throws: as `answer`.
  public func outlook(_ request: Request, points: Int) throws(Failure) -> PlanOutlook {
    let asked = try resolve(request)
    var times = StageTimes()
    let fit = try times.measure(\.media) { () throws(Failure) in
      try question(request, merging: asked, SessionEvents())
    }
    let plan = try fit.plan(asked, reader: budgets)
    return PlanOutlook(
      plan: plan, sources: fit.sources,
      load: model.cost.work(
        of: try fit.shape(plan.pixelShare, plan.frameShare), merging: plan.merging),
      mediaSeconds: times.media, newTokens: request.maxNewTokens,
      curve: try fit.curve(asked, points: points))
  }
}
