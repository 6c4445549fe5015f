import Compute
import Diagnostics
import Grammar
import Models
import Tokenizer

/// Writes an answer after a prompt, token by token.
struct AnswerWriter {
  let assets: ModelAssets
  let request: Request
  let threads: ThreadTeam
  let events: SessionEvents

  private var answer = WrittenAnswer()
  private var said: ThoughtSplitter
  private var sampler: Sampler
  private var decoder: StreamingDecoder
  /// Tokens of the answer that the model has not read.
  private var unread: [Int32] = []

  /// A writer before the first token.
  init(
    _ assets: ModelAssets, _ request: Request, prompt: Prompt, threads: ThreadTeam,
    _ events: SessionEvents
  ) {
    self.assets = assets
    self.request = request
    self.threads = threads
    self.events = events
    // A form leaves no thought that the prompt has not opened.
    said = ThoughtSplitter(
      isSplit: request.form == .free && assets.promptFeatures.hasThoughts,
      isOpen: prompt.opensThought)
    sampler = Sampler(request.sampling, prompt: prompt.ids)
    decoder = StreamingDecoder(assets.tokenizer, skipSpecial: true)
  }

  /// Lets the model think before an answer of a given form, as long as it likes, and reads the thought
  /// and the empty line that follows it.
  ///
  /// - Returns: whether there are tokens left for the answer.
  mutating func think(_ generation: any Decoding) throws(Failure) -> Bool {
    while said.isThinking {
      guard answer.generated.count < request.maxNewTokens else { return false }
      let token = try next(generation, mask: nil)
      if stops(at: token) {
        // Whoever ends inside a thought has thought enough, but has not answered.
        write(assets.tokenizer.id(ofSpecial: ThoughtSplitter.closing).map { [$0] } ?? [])
        break
      }
      record(token, generation.logits)
      if repeatsItself() { return false }
    }
    write(assets.tokenizer.encode("\n\n", isBeginning: false))
    guard answer.generated.count < request.maxNewTokens else { return false }
    try readUnread(generation)
    said.beginAnswer()
    answer.logprobs = []
    return true
  }

  /// Generates tokens until the model stops, the form is complete or the most tokens are reached.
  ///
  /// - Parameter guide: what binds the answer to its form; `nil` for free answers.
  mutating func write(
    _ generation: any Decoding, _ guide: TokenGuide?
  ) throws(Failure) -> WrittenAnswer {
    while answer.generated.count < request.maxNewTokens {
      if let guide, try goOn(where: guide) { continue }
      if answer.reason == .stop { break }
      let mask = try guide?.mask()
      // A form may be too deep to be completed.
      if mask?.count == 0 { break }
      let token = try next(generation, mask: mask)
      record(token, generation.logits)
      if stops(at: token) {
        answer.reason = .stop
        break
      }
      if let guide { _ = try guide.accept(assets.tokenizer.bytes(ofTextToken: token)) }
      if repeatsItself() { break }
    }
    return finish()
  }

  /// What has been written.
  mutating func finish() -> WrittenAnswer {
    say(decoder.finish(), isLast: true)
    answer.text = said.answer
    answer.thought = said.thought
    return answer
  }

  /// The next token, after all before it have been read.
  private mutating func next(
    _ generation: any Decoding, mask: TokenMask?
  ) throws(Failure) -> Int32 {
    try events.check?()
    // The logits after the last token are not needed, so that tokens are read before the next one.
    try readUnread(generation)
    try LogitCheck.check(generation.logits)
    return sampler.next(generation.logits, mask: mask)
  }

  private mutating func readUnread(_ generation: any Decoding) throws(Failure) {
    if !unread.isEmpty { try generation.advance(by: unread, threads: threads) }
    unread = []
  }

  /// Writes what has to come next by the form.
  ///
  /// - Returns: whether there was anything; the reason is `stop` where nothing can come.
  private mutating func goOn(where guide: TokenGuide) throws(Failure) -> Bool {
    if try guide.isFinished {
      answer.reason = .stop
      return false
    }
    let forced = try ForcedTokens(guide, assets.tokenizer)
    guard !forced.tokens.isEmpty else { return false }
    _ = try guide.accept(forced.bytes)
    write(forced.tokens)
    return true
  }

  /// Writes tokens that the model is not asked for, as many as are left.
  private mutating func write(_ tokens: [Int32]) {
    for token in tokens.prefix(request.maxNewTokens - answer.generated.count) {
      sampler.note(token)
      add(token, TokenLogprob(token: token, text: text(token), logprob: nil, top: []))
    }
  }

  private func stops(at token: Int32) -> Bool {
    (request.stops || request.form != .free) && assets.stopTokens.contains(token)
  }

  /// Ends an answer that repeats itself.
  private mutating func repeatsItself() -> Bool {
    guard request.stops, answer.generated.count % 16 == 0, Repetition.ends(answer.generated) else {
      return false
    }
    answer.reason = .repetition
    return true
  }

  private mutating func record(_ token: Int32, _ logits: [Float]) {
    let probabilities = LogProbabilities(logits)
    let top = probabilities.top(request.topLogprobs).map {
      TokenLogprob.Alternative(token: $0.token, text: text($0.token), logprob: $0.logprob)
    }
    add(
      token,
      TokenLogprob(token: token, text: text(token), logprob: probabilities[token], top: top))
  }

  private func text(_ token: Int32) -> String {
    assets.tokenizer.decode([token], skipSpecial: false)
  }

  private mutating func add(_ token: Int32, _ logprob: TokenLogprob) {
    answer.generated.append(token)
    answer.logprobs.append(logprob)
    unread.append(token)
    events.progress?(.decode, Double(answer.generated.count) / Double(request.maxNewTokens))
    let wasThinking = said.isThinking
    if !stops(at: token) { say(decoder.feed(token)) }
    // How sure the model is, is said of its answer.
    if wasThinking || said.isThinking { answer.logprobs = [] }
  }

  private mutating func say(_ piece: String, isLast: Bool = false) {
    let (thought, answer) = said.feed(piece, isLast: isLast)
    if !thought.isEmpty { events.thought?(thought) }
    if !answer.isEmpty { events.text?(answer) }
  }
}
