import Checkpoint
import Compute
import Diagnostics
import MemoryPlanner
import Merging
import Models
import Tokenizer

/// A loaded model and the threads it computes with: questions go in, answers come out, one at a
/// time.
public final class Session {
  /// The model.
  public let model: any VisionLanguageModel
  /// The threads.
  public let threads: ThreadTeam

  /// What the process holds beside weights and work, in bytes.
  let baseline: Int

  /// For pages of the program and its libraries that have not been touched yet. Without it predictions
  /// were up to 9 MiB too small: videos and 8-bit weights, on the demo model.
  static let allowance = 16 << 20

  /// Whether what was seen of a question's media is kept, so that another question about the same media
  /// neither decodes them nor runs the image encoder again. Setting it to `false` forgets them.
  public var remembersMedia = false {
    didSet { if !remembersMedia { remembered = SeenMedia() } }
  }

  private var remembered = SeenMedia()

  /// Who is asked about the memory there is.
  private let budgets: BudgetReader

  /// A session with a model that is already loaded.
  ///
  /// - Parameter budgets: who is asked about the memory there is; another one for tests.
  public init(
    model: any VisionLanguageModel, threads: ThreadTeam, budgets: BudgetReader = BudgetReader()
  ) {
    ProcessMemory.returnFreedBlocks()
    // What is resident now and is not a weight: the program, its libraries, the vocabulary.
    baseline = max(0, ProcessMemory.resident - model.assets.weights.ownedBytes) + Self.allowance
    self.model = model
    self.threads = threads
    self.budgets = budgets
  }

  /// Opens a model folder.
  ///
  /// - Parameters:
  ///   - threads: threads to compute with; `nil` for one per processor.
  ///   - memory: what the weights may take: what does not fit is refused before it is read.
  ///   - budgets: who is asked about the memory there is; another one for tests.
  /// - Throws: `missingInput` or `modelUnusable`, `memory.never` or `memory.now`.
  public convenience init(
    modelFolder: String, options: ModelOptions = ModelOptions(), threads: Int? = nil,
    memory: MemoryRules = MemoryRules(), budgets: BudgetReader = BudgetReader()
  ) throws(Failure) {
    ProcessMemory.returnFreedBlocks()
    let checkpoint = try Checkpoint(folder: modelFolder)
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
  }

  /// Refuses weights that do not fit: packing them would be the death of the process, and reading
  /// them would leave nothing for the work.
  private static func admit(
    _ weights: Int, _ options: ModelOptions, _ rules: MemoryRules, _ budgets: BudgetReader
  ) throws(Failure) {
    guard let budget = budgets.budget(rules) else { return }
    var cost = MemoryCost()
    cost.weights = weights
    let refusal = MemoryRefusal(
      cost: cost, baseline: ProcessMemory.resident + allowance, margin: rules.margin,
      hasPackedWeights: options.weights == .int8)
    guard refusal.needed > budget.bytes else { return }
    throw refusal.failure(budget: budget, ceiling: budgets.ceiling(rules))
  }

  /// Answers a question.
  ///
  /// - Parameters:
  ///   - request: the question.
  ///   - events: told of progress and of every piece of the answer.
  ///   - dump: collects intermediate results for comparison with other implementations.
  /// - Throws: `badInput`, `missingInput` or `usage` for the request, `outOfMemory`.
  public func answer(
    _ request: Request, events: SessionEvents = SessionEvents(), dump: AnswerDump? = nil
  ) throws(Failure) -> Answer {
    try request.sampling.validate()
    guard request.maxNewTokens >= 0, request.maxNewTokens <= 1 << 20 else {
      throw Failure(
        .usage, code: "engine.new-tokens",
        "\(request.maxNewTokens) is no sensible number of new tokens",
        remedy: "give 0 to \(1 << 20)")
    }
    let asked = try resolve(request)
    var observer = ComputeObserver()
    observer.progress = events.progress
    observer.check = events.check
    observer.trace = dump.map { dump in { name, rows in dump.record(name, rows) } }

    var times = StageTimes()
    let fitted = try times.measure(\.media) { () throws(Failure) in
      try fit(request, merging: asked, events)
    }
    let (question, sources, plan) = (fitted.question, fitted.sources, fitted.plan)
    events.planned?(plan)
    var merging = plan.merging
    threads.rowsAtOnce = plan.rowsAtOnce
    defer { threads.rowsAtOnce = ThreadTeam.maxRowsAtOnce }
    let seen = try times.measure(\.vision) { () throws(Failure) in
      try see(fitted, request, merging, observer)
    }
    let look = SecondLook(reader: budgets, rules: request.memory, plan: plan)
    let isPlanned = request.memory.limit != .unplanned
    if isPlanned {
      merging = try look.beforeReading { share in
        var lower = plan.merging
        lower.text.retention = .share(share)
        return model.cost.memory(
          of: fitted.shape, merging: lower, threads: threads.count
        ).cache
      }
      observer.check = { () throws(Failure) in
        try events.check?()
        try look.goOn()
      }
    }
    let generation = try times.measure(\.prefill) { () throws(Failure) in
      try model.read(
        seen,
        ReadingOptions(
          merging: merging, room: request.maxNewTokens, narrowsCache: plan.narrowsCache,
          policy: isPlanned ? look : nil),
        threads: threads, observer: observer)
    }
    let firstLogits = generation.logits
    let (text, generated, reason) = try times.measure(\.decode) { () throws(Failure) in
      try write(generation, request, prompt: seen.prompt.ids, events)
    }
    threads.releaseScratch()
    let answer = Answer(
      text: text, generated: generated, finishReason: reason, sources: sources,
      promptTokens: seen.prompt.ids.count,
      visualTokens: seen.prompt.visualTokens,
      merging: merging, steps: seen.steps + generation.steps, segments: seen.prompt.segments,
      runs: seen.prompt.runs, tokenSide: model.shape.tokenSide,
      visuals: request.keepsVisuals ? question.visuals : [],
      visionCounts: seen.segments.map(\.count), plan: plan.adding(look.adaptations),
      survivors: generation.survivors, cacheLengths: generation.cacheLengths, seconds: times,
      notes: model.assets.notes, peakMemory: ProcessMemory.peak)
    dump?.record(answer, prompt: seen.prompt, logits: firstLogits)
    return answer
  }

  /// Says how a question would be computed in the memory there is, without computing it.
  ///
  /// - Throws: as `answer`.
  public func plan(_ request: Request) throws(Failure) -> MemoryPlan {
    try fit(request, merging: try resolve(request), SessionEvents()).plan
  }

  /// Says how a question would be computed in the memory there is and in more or less of it.
  ///
  /// - Parameter points: the number of budgets to try.
  /// - Throws: as `answer`.
  public func outlook(_ request: Request, points: Int) throws(Failure) -> PlanOutlook {
    let asked = try resolve(request)
    var times = StageTimes()
    let fit = try times.measure(\.media) { () throws(Failure) in
      try question(request, SessionEvents())
    }
    let plan = try fit.plan(asked, reader: budgets)
    return PlanOutlook(
      plan: plan, sources: fit.sources,
      load: model.cost.work(
        of: try fit.shape(plan.pixelShare, plan.frameShare), merging: plan.merging),
      mediaSeconds: times.media, newTokens: request.maxNewTokens,
      curve: try fit.curve(asked, points: points))
  }

  /// Merging for this model, keeping at least what the question's floors say.
  private func resolve(_ request: Request) throws(Failure) -> ResolvedMerging {
    request.memory.floors.raised(try model.resolve(request.merging))
  }

  /// Looks at the media, plans, and looks again with less where the plan says so.
  private func fit(
    _ request: Request, merging: ResolvedMerging, _ events: SessionEvents
  ) throws(Failure) -> FittedQuestion {
    let fit = try question(request, events)
    let plan = try fit.plan(merging, reader: budgets)
    var shape = try fit.shape(plan.pixelShare, plan.frameShare)
    shape.rowsAtOnce = plan.rowsAtOnce
    shape.narrowsCache = plan.narrowsCache
    guard plan.pixelShare < 1 || plan.frameShare < 1 else {
      return FittedQuestion(
        question: fit.question, sources: fit.sources, plan: plan, shape: shape, limits: nil)
    }
    let limits = fit.limits(plan.pixelShare, plan.frameShare)
    let (less, seen) = try look(at: request, limits: limits, events)
    return FittedQuestion(
      question: less, sources: seen, plan: plan, shape: shape, limits: limits)
  }

  /// The question as asked, looked at once, ready to be planned.
  private func question(
    _ request: Request, _ events: SessionEvents
  ) throws(Failure) -> QuestionFit {
    let (question, sources) = try look(at: request, limits: nil, events)
    let prompt = try model.prompt(question)
    return QuestionFit(
      model: model, threads: threads.count, baseline: baseline, request: request,
      question: question, sources: sources, textTokens: prompt.ids.count - prompt.visualTokens)
  }

  private func look(
    at request: Request, limits: [ShownLimit]?, _ events: SessionEvents
  ) throws(Failure) -> (Question, [Source]) {
    let key = remembersMedia ? SeenMedia.Key(request, shown: limits) : nil
    if let key, let known = remembered.decoded, known.key == key {
      let question = Question(
        visuals: known.visuals, text: request.prompt, system: request.system)
      return (question, known.sources)
    }
    let reader = MediaReader(model: model, request: request)
    var visuals: [Visual] = []
    var sources: [Source] = []
    for (index, item) in request.media.enumerated() {
      try events.check?()
      events.progress?(.media, Double(index) / Double(request.media.count))
      let (visual, source) = try reader.read(item, limit: limits?[index] ?? ShownLimit())
      visuals.append(visual)
      sources.append(source)
    }
    events.progress?(.media, 1)
    if let key { remembered.decoded = (key, visuals, sources) }
    return (Question(visuals: visuals, text: request.prompt, system: request.system), sources)
  }

  /// Runs the image encoder, unless it has seen the same media with the same merging before.
  private func see(
    _ fitted: FittedQuestion, _ request: Request, _ merging: ResolvedMerging,
    _ observer: ComputeObserver
  ) throws(Failure) -> EncodedQuestion {
    let shown = remembersMedia ? SeenMedia.Key(request, shown: fitted.limits) : nil
    let key = shown.map { SeenMedia.EncodingKey($0, merging) }
    if let key, let known = remembered.encoded, known.key == key {
      return EncodedQuestion(
        prompt: try model.prompt(fitted.question), segments: known.seen.segments,
        steps: known.seen.steps)
    }
    // The plan has room for one question's features.
    remembered.encoded = nil
    let seen = try model.encode(
      fitted.question, merging: merging, threads: threads, observer: observer)
    if let key { remembered.encoded = (key, seen) }
    return seen
  }

  /// Generates tokens until the model stops or the room is used up.
  private func write(
    _ generation: any Decoding, _ request: Request, prompt: [Int32], _ events: SessionEvents
  ) throws(Failure) -> (text: String, generated: [Int32], reason: Answer.FinishReason) {
    var sampler = Sampler(request.sampling, prompt: prompt)
    var decoder = StreamingDecoder(model.assets.tokenizer, skipSpecial: true)
    var generated: [Int32] = []
    var text = ""
    var reason = Answer.FinishReason.length
    func say(_ piece: String) {
      guard !piece.isEmpty else { return }
      text += piece
      events.text?(piece)
    }
    while generated.count < request.maxNewTokens {
      try events.check?()
      let token = sampler.next(generation.logits)
      generated.append(token)
      events.progress?(.decode, Double(generated.count) / Double(request.maxNewTokens))
      if request.stops, model.assets.stopTokens.contains(token) {
        reason = .stop
        break
      }
      say(decoder.feed(token))
      // The logits after the last token are nobody's business.
      guard generated.count < request.maxNewTokens else { break }
      try generation.advance(by: token, threads: threads)
    }
    say(decoder.finish())
    return (text, generated, reason)
  }
}
