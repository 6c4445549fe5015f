import Compute
import Diagnostics
import Media
import MemoryPlanner
import Merging
import Models

extension Session {
  /// The merging for this model, which keeps at least what the question's floors demand.
  ///
  /// - Throws: `usage` for merging or a prompt that the model does not have.
  func resolve(_ request: Request) throws(Failure) -> ResolvedMerging {
    try model.assets.promptFeatures.check(request.choices)
    let hasVideo = model.shape.videoDefaults != nil && count(.video, of: request.media) > 0
    return request.memory.floors.raised(
      try model.resolve(request.merging, hasVideo: hasVideo))
  }

  /// The files of a kind; what is wrong with other files is said when they are read.
  private func count(_ kind: MediaKind, of items: [MediaItem]) -> Int {
    items.count { ($0.kind ?? (try? MediaKind.probe($0.path))) == kind }
  }

  /// Decodes the media, plans, and decodes again with less where the plan says so.
  func fit(
    _ request: Request, merging: ResolvedMerging, _ events: SessionEvents
  ) throws(Failure) -> FittedQuestion {
    let fit = try question(request, merging: merging, events)
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

  /// The question as asked, with its media decoded once, ready for planning.
  func question(
    _ request: Request, merging: ResolvedMerging, _ events: SessionEvents
  ) throws(Failure) -> QuestionFit {
    let (question, sources) = try look(at: request, limits: nil, events)
    let prompt = try model.prompt(question)
    return QuestionFit(
      model: model, threads: threads.count, baseline: baseline, request: request,
      question: question, sources: sources, textTokens: prompt.ids.count - prompt.visualTokens,
      opensThought: prompt.opensThought, keepsBeginning: remembersMedia,
      films: FilmPlan(question, model.shape.vision, merging.films))
  }

  func look(
    at request: Request, limits: [ShownLimit]?, _ events: SessionEvents
  ) throws(Failure) -> (Question, [Source]) {
    let key = remembersMedia ? SeenMedia.Key(request, shown: limits) : nil
    if let key, let known = remembered.decoded, known.key == key {
      let question = Question(
        visuals: known.visuals, text: request.prompt, system: request.system,
        turns: request.turns, choices: request.choices)
      return (question, known.sources)
    }
    // The plan includes no prefill while media are decoded.
    remembered.read = nil
    var visuals: [Visual] = []
    var sources: [Source] = []
    let entries = try PagedMedia(request).entries
    // The kinds of the files only matter where there are several.
    let images = entries.count > 1 ? count(.image, of: entries.map(\.item)) : 1
    for (index, entry) in entries.enumerated() {
      var reading = request.reading
      let count = Double(entries.count)
      reading.progress = { share throws(Failure) in
        try events.check?()
        events.progress?(.media, (Double(index) + share) / count)
      }
      try reading.progress(0)
      let reader = MediaReader(
        model: model, request: request, reading: reading, isAmongImages: images > 1)
      // The file may have got more pages since it was looked at first.
      let limit = limits.flatMap { $0.indices.contains(index) ? $0[index] : nil }
      let known = sources.last { $0.path == entry.item.path }
      let (visual, source) = try reader.read(entry, limit: limit ?? ShownLimit(), known: known)
      visuals.append(visual)
      sources.append(source)
    }
    events.progress?(.media, 1)
    if let key { remembered.decoded = (key, visuals, sources) }
    let question = Question(
      visuals: visuals, text: request.prompt, system: request.system, turns: request.turns,
      choices: request.choices)
    return (question, sources)
  }

  /// Runs the image encoder, unless its output for the same media and merging is remembered.
  func see(
    _ fitted: FittedQuestion, _ request: Request, _ merging: ResolvedMerging,
    _ observer: ComputeObserver
  ) throws(Failure) -> EncodedQuestion {
    let shown = remembersMedia ? SeenMedia.Key(request, shown: fitted.limits) : nil
    let key = shown.map { SeenMedia.EncodingKey($0, merging) }
    if let key, let known = remembered.encoded, known.key == key {
      return EncodedQuestion(
        prompt: try model.prompt(fitted.question), segments: known.seen.segments,
        packed: known.seen.packed, steps: known.seen.steps)
    }
    // The plan includes the features and the prefill of one question only.
    remembered.encoded = nil
    remembered.read = nil
    let seen = try model.encode(
      fitted.question, merging: merging, threads: threads, observer: observer)
    if let key { remembered.encoded = (key, seen) }
    return seen
  }
}
