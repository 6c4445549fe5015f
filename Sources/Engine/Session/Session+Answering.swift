import Compute
import Diagnostics
import Grammar
import MemoryPlanner
import Merging
import Models
import Options
import Tokenizer

extension Session {
  /// Reads the prompt: what it has in common with the question before only once, where both are about the
  /// same media and the survivors do not depend on the question.
  ///
  /// - Parameter isShared: whether the question may share its prefill with others.
  /// - Returns: the decoding that follows the prompt, and the merging that was computed.
  func read(
    _ seen: EncodedQuestion, _ fitted: FittedQuestion, _ request: Request, _ look: SecondLook,
    _ observer: ComputeObserver, isShared: Bool
  ) throws(Failure) -> (any Decoding, ResolvedMerging) {
    let plan = fitted.plan
    let shown =
      isShared && remembersMedia && !plan.merging.dependsOnQuestion
      ? SeenMedia.Key(request, shown: fitted.limits) : nil
    let key = shown.map {
      SeenMedia.ReadingKey(
        shown: $0, merging: plan.merging, narrowsCache: plan.narrowsCache)
    }
    if let generation = try goOn(with: seen.prompt, key, request, observer) {
      return (generation, plan.merging)
    }
    let (generation, merging) = try readAll(seen, fitted, request, look, observer)
    if let key, merging == plan.merging, look.adaptations.isEmpty {
      remembered.read = (key, generation)
    }
    return (generation, merging)
  }

  /// Reads the rest of a prompt after what the question before has in common with it.
  ///
  /// - Returns: the decoding that follows; `nil` where there is none to go on from, which is then freed,
  ///   because the plan includes the caches of one question only.
  private func goOn(
    with prompt: Prompt, _ key: SeenMedia.ReadingKey?, _ request: Request,
    _ observer: ComputeObserver
  ) throws(Failure) -> (any Decoding)? {
    // It is changed by what follows, and must not stay where that fails.
    let known = remembered.read
    remembered.read = nil
    guard let key, let known, known.key == key,
      let generation = try known.generation.read(
        prompt, room: request.answerRoom(opensThought: prompt.opensThought), threads: threads,
        observer: observer)
    else { return nil }
    remembered.read = (key, generation)
    return generation
  }

  /// Runs the whole prompt through the language model, with lower retention if other processes have taken
  /// memory since the question was planned.
  ///
  /// - Returns: the decoding that follows the prompt, and the merging that was computed.
  private func readAll(
    _ seen: EncodedQuestion, _ fitted: FittedQuestion, _ request: Request, _ look: SecondLook,
    _ observer: ComputeObserver
  ) throws(Failure) -> (any Decoding, ResolvedMerging) {
    let plan = fitted.plan
    var options = ReadingOptions(
      merging: plan.merging, room: request.answerRoom(opensThought: seen.prompt.opensThought),
      narrowsCache: plan.narrowsCache, keepsBeginning: fitted.shape.keepsBeginning)
    var observer = observer
    if request.memory.limit != .unplanned {
      options.merging = try look.beforeReading { share in
        var lower = plan.merging
        lower.text.retention = .share(share)
        return model.cost.memory(of: fitted.shape, merging: lower, threads: threads.count).cache
      }
      options.policy = look
      let check = observer.check
      observer.check = { () throws(Failure) in
        try check?()
        try look.goOn()
      }
    }
    let generation = try model.read(seen, options, threads: threads, observer: observer)
    return (generation, options.merging)
  }

  /// Writes the answer in the form that was asked for.
  ///
  /// - Parameter guide: what binds the answer to its form; `nil` for free answers and choices.
  func write(
    _ generation: any Decoding, _ request: Request, _ guide: TokenGuide?, prompt: Prompt,
    _ events: SessionEvents
  ) throws(Failure) -> WrittenAnswer {
    var writer = AnswerWriter(model.assets, request, prompt: prompt, threads: threads, events)
    // A form binds the answer, not the thought before it.
    if request.form != .free, prompt.opensThought, try !writer.think(generation) {
      return writer.finish()
    }
    guard case .choices(let choices) = request.form else {
      return try writer.write(generation, guide)
    }
    return try ChoiceWriter(
      choices: choices, calibration: request.choiceCalibration ?? .none, assets: model.assets,
      trie: forms.trie(model.assets.tokenizer), threads: threads, events: events
    ).write(generation, after: writer.finish())
  }

  /// The boxes and points that an answer names; none of a family that does not say where things are.
  func boxes(of written: WrittenAnswer, _ request: Request, _ sources: [Source]) -> AnswerBoxes {
    guard let coordinates = model.assets.boxCoordinates else { return AnswerBoxes() }
    guard case .choices = request.form else {
      // Some families write special tokens around boxes, which are not in the answer's text.
      let tokens = written.generated.filter { !model.assets.stopTokens.contains($0) }
      var text = model.assets.tokenizer.decode(tokens, skipSpecial: false)[...]
      if written.thought != nil {
        guard let end = text.firstRange(of: ThoughtSplitter.closing) else { return AnswerBoxes() }
        text = text[end.upperBound...]
      }
      return AnswerBoxes(String(text), coordinates, sources: sources)
    }
    return AnswerBoxes(written.text, coordinates, sources: sources)
  }
}
