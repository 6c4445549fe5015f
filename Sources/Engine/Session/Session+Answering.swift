import Compute
import Diagnostics
import MemoryPlanner
import Merging
import Models
import Options
import Tokenizer

extension Session {
  /// Runs the prompt through the language model, with lower retention if other processes have taken
  /// memory since the question was planned.
  ///
  /// - Returns: the decoding that follows the prompt, and the merging that was computed.
  func read(
    _ seen: EncodedQuestion, _ fitted: FittedQuestion, _ request: Request, _ look: SecondLook,
    _ observer: ComputeObserver
  ) throws(Failure) -> (any Decoding, ResolvedMerging) {
    let plan = fitted.plan
    var options = ReadingOptions(
      merging: plan.merging, room: request.maxNewTokens, narrowsCache: plan.narrowsCache)
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

  /// Generates tokens until the model stops or the most tokens are reached.
  func write(
    _ generation: any Decoding, _ request: Request, prompt: Prompt, _ events: SessionEvents
  ) throws(Failure) -> (said: ThoughtSplitter, generated: [Int32], reason: Answer.FinishReason) {
    var sampler = Sampler(request.sampling, prompt: prompt.ids)
    var decoder = StreamingDecoder(model.assets.tokenizer, skipSpecial: true)
    var generated: [Int32] = []
    var said = ThoughtSplitter(
      isSplit: model.assets.promptFeatures.hasThoughts, isOpen: prompt.opensThought)
    var reason = Answer.FinishReason.length
    func say(_ piece: String, isLast: Bool = false) {
      let (thought, answer) = said.feed(piece, isLast: isLast)
      if !thought.isEmpty { events.thought?(thought) }
      if !answer.isEmpty { events.text?(answer) }
    }
    while generated.count < request.maxNewTokens {
      try events.check?()
      try Self.check(generation.logits)
      let token = sampler.next(generation.logits)
      generated.append(token)
      events.progress?(.decode, Double(generated.count) / Double(request.maxNewTokens))
      if request.stops, model.assets.stopTokens.contains(token) {
        reason = .stop
        break
      }
      say(decoder.feed(token))
      // The logits after the last token are not needed.
      guard generated.count < request.maxNewTokens else { break }
      try generation.advance(by: token, threads: threads)
    }
    say(decoder.finish(), isLast: true)
    return (said, generated, reason)
  }

  /// Refuses logits that are no numbers, because any answer chosen from them would be made up.
  private static func check(_ logits: [Float]) throws(Failure) {
    guard !logits.allSatisfy({ $0.isFinite }) else { return }
    throw Failure(
      .modelUnusable, code: .modelNotNumbers,
      "the model computes infinities or what is no number, so its weights or its files are damaged",
      remedy: "Download the model again.")
  }
}
