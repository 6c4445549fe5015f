import Answers
import Engine
import Grounding
import Media
import MemoryPlanner
import Merging
import Models
import Options

// Inside `AnswerDocument`, its own type has the name.
private typealias PlannedAdaptation = Adaptation

extension AnswerDocument {
  /// The document of an answer.
  ///
  /// - Parameters:
  ///   - origin: who asked, as at the job's end.
  ///   - load: seconds it took to open the model.
  ///   - drawing: the pictures of the answer, if any were drawn.
  ///   - details: whether `merging.json` lies beside the document.
  public init(
    _ answer: Answer, request: Request, origin: AnswerOrigin, model: Model, load: Double,
    drawing: ReportDrawing? = nil, details: Bool = false
  ) {
    self.init(
      job: origin.job, host: origin.host, model: model, media: answer.sources.map { Medium($0) },
      questions: [Question(answer, request)])
    merging = Merging(asked: request.merging, answer: answer)
    if details { merging?.details = MergingDocument.fileName }
    tokens = TokenCounts(
      prompt: answer.promptTokens, visual: answer.visualTokens,
      visualAfterViT: answer.runCounts.reduce(0, +), visualLeft: answer.visualTokensLeft)
    let plan = answer.plan
    memory = Memory(
      budget: plan.budget?.bytes, budgetOrigin: plan.budget?.origin, predicted: plan.predicted,
      adaptations: plan.adaptations.map { Adaptation($0) }, peak: answer.peakMemory)
    let times = answer.seconds
    seconds = Seconds(
      load: load, media: times.media, vision: times.vision, prefill: times.prefill,
      decode: times.decode, total: load + times.total)
    pictures = drawing?.names ?? []
    warnings =
      answer.notes + answer.sources.flatMap(\.warnings) + answer.merging.notes
      + plan.adaptations.map(\.words) + answer.endNotes + (drawing?.notes ?? [])
  }

  /// This document with the answer of another question about the same files added.
  ///
  /// Seconds are added up, memory is the larger, and merging and tokens remain those of the first.
  public func adding(_ other: AnswerDocument) -> AnswerDocument {
    var result = self
    result.job = other.job
    result.questions += other.questions
    result.pictures += other.pictures
    if let memory, let more = other.memory {
      result.memory = Memory(
        budget: memory.budget, budgetOrigin: memory.budgetOrigin,
        predicted: max(memory.predicted, more.predicted),
        adaptations: memory.adaptations
          + more.adaptations.filter { !memory.adaptations.contains($0) },
        peak: max(memory.peak, more.peak))
    }
    if let seconds, let more = other.seconds {
      result.seconds = Seconds(
        load: seconds.load + more.load, media: seconds.media + more.media,
        vision: seconds.vision + more.vision, prefill: seconds.prefill + more.prefill,
        decode: seconds.decode + more.decode, total: seconds.total + more.total)
    }
    result.warnings += other.warnings.filter { !warnings.contains($0) }
    return result
  }
}

extension AnswerDocument.Medium {
  /// A file that was looked at.
  init(_ source: Source) {
    self.init(name: source.path, bytes: source.bytes)
    page = source.page
    digest = source.digest
    created = source.created
    kind = source.kind.rawValue
    format = source.format
    size = AnswerDocument.Size(width: source.size.width, height: source.size.height)
    shown = AnswerDocument.Size(width: source.shown.width, height: source.shown.height)
    duration = source.duration
    frames = source.frames.map { AnswerDocument.Frame(index: $0.index, seconds: $0.seconds) }
  }
}

extension AnswerDocument.Question {
  /// A question that was answered.
  init(_ answer: Answer, _ request: Request) {
    self.init(prompt: request.prompt)
    thought = answer.thought
    self.answer = answer.text
    finishReason = answer.finishReason.rawValue
    tokens = answer.generated.count
    seconds = answer.seconds.total
    value = answer.value
    boxes =
      answer.boxes.items.isEmpty ? nil : answer.boxes.items.map { AnswerDocument.Box($0) }
    // JSON has no word for what is not a number.
    confidence = answer.confidence.flatMap { $0.isFinite ? $0 : nil }
    meanLogprob = answer.meanLogprob.flatMap { $0.isFinite ? $0 : nil }
    choices = answer.choices.isEmpty ? nil : answer.choices.map { AnswerDocument.Choice($0) }
    logprobs =
      request.topLogprobs > 0 && !answer.logprobs.isEmpty
      ? answer.logprobs.map { AnswerDocument.Logprob($0) } : nil
  }
}

extension AnswerDocument.Box {
  init(_ box: AnswerBox) {
    self.init(
      kind: box.kind.rawValue, label: box.label, media: box.source,
      frame: box.frame.map { AnswerDocument.Frame(index: $0.index, seconds: $0.seconds) },
      pixels: box.pixels, numbers: box.numbers)
  }
}

extension AnswerDocument.Choice {
  init(_ choice: ChoiceResult) {
    self.init(
      text: choice.text, confidence: choice.confidence,
      logprob: choice.logprob.isFinite ? choice.logprob : nil)
  }
}

extension AnswerDocument.Logprob {
  init(_ entry: TokenLogprob) {
    self.init(
      token: entry.token, text: entry.text,
      logprob: entry.logprob.flatMap { $0.isFinite ? Double($0) : nil },
      top: entry.top.compactMap {
        $0.logprob.isFinite
          ? Alternative(token: $0.token, text: $0.text, logprob: Double($0.logprob)) : nil
      })
  }
}

extension AnswerDocument.Adaptation {
  fileprivate init(_ adaptation: PlannedAdaptation) {
    self.init(
      rung: adaptation.rung.rawValue, from: adaptation.from, to: adaptation.to,
      layer: adaptation.layer, cause: adaptation.cause?.rawValue)
  }
}

extension AnswerDocument.Merging {
  init(asked: MergeParameters, answer: Answer) {
    var options = asked.options
    options.profile = nil
    var done = AnswerDocument.Done(
      visionLayers: answer.merging.vision.layers, textLayers: answer.merging.text.layers,
      steps: answer.steps.map {
        AnswerDocument.Step(
          stage: $0.stage.rawValue, layer: $0.layer, before: $0.before.reduce(0, +),
          after: $0.after.reduce(0, +))
      })
    let computed = answer.computedGroups
    if !computed.isEmpty {
      done.films = AnswerDocument.Films(
        groups: answer.segments.reduce(0) { $0 + $1.grid.groups }, segments: computed)
    }
    self.init(profile: asked.profile.rawValue, asked: options, done: done)
  }
}
