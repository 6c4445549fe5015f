import Compute
import Diagnostics
import Merging

/// A prompt that a language model has read, and the answer generated after it.
final class TextDecoder: Decoding {
  private(set) var logits: [Float]
  let steps: [MergeStep]
  let survivors: [[Int]]
  private(set) var cacheLengths: [Int]
  private(set) var sharedTokens = 0

  private let model: TextModel
  private let prompt: Prompt
  private var memories: [LayerMemory]
  /// The states of recurrences after the last visual token, by layer; empty where they are not kept.
  private let beginning: [DeltaState?]
  /// The tokens of the answer so far.
  private var answer: [Int32] = []
  /// The position of the next token: one more than the largest position of the unmerged prompt.
  private var position: Int
  private let buffers: TextBuffers
  /// `[1, hidden]`: the hidden state of the current token.
  private let row: Matrix

  /// The most tokens that are read in one go.
  private static let batch = 32

  /// The decoding after a prompt that has been read.
  ///
  /// - Parameter beginning: the states after the last visual token, by layer; empty to keep none.
  init(
    _ model: TextModel, _ prompt: Prompt, memories: [LayerMemory], beginning: [DeltaState?],
    logits: [Float], steps: [MergeStep], survivors: [[Int]]
  ) throws(Failure) {
    self.model = model
    self.prompt = prompt
    self.memories = memories
    self.beginning = beginning
    self.logits = logits
    position = prompt.positions.next
    self.steps = steps
    self.survivors = survivors
    cacheLengths = memories.map(\.count)
    buffers = try TextBuffers(rows: 1, model.shape)
    row = try Matrix(rows: 1, columns: model.shape.hiddenSize)
  }

  func advance(by tokens: [Int32], threads: ThreadTeam) throws(Failure) {
    try read(tokens[...], threads: threads)
    answer += tokens
  }

  func read(
    _ other: Prompt, room: Int, threads: ThreadTeam, observer: ComputeObserver
  ) throws(Failure) -> (any Decoding)? {
    guard let kept = tokensInCommon(with: other) else { return nil }
    let rest = other.ids[kept...]
    for (index, memory) in memories.enumerated() {
      switch memory {
      case .attention(let attention, let cache):
        cache.cut(to: cacheLengths[index] + kept - prompt.ids.count)
        let needed = cache.count + rest.count + room
        guard cache.capacity < needed else { continue }
        memories[index] = .attention(
          attention, try LayerCache(copying: cache, capacity: needed))
      case .recurrence(_, let state):
        if kept < prompt.ids.count + answer.count, let old = beginning[index] { state.become(old) }
      }
    }
    let next = try TextDecoder(
      model, other, memories: memories, beginning: beginning, logits: logits, steps: steps,
      survivors: survivors)
    next.position -= rest.count
    try next.read(rest, threads: threads, observer: observer)
    next.cacheLengths = memories.map(\.count)
    next.sharedTokens = kept
    return next
  }

  /// The tokens that another prompt has in common with this one and its answer, at least all visual tokens,
  /// and not all of the other's, because the last one's logits are needed.
  private func tokensInCommon(with other: Prompt) -> Int? {
    let visual = prompt.runs.last?.tokens.upperBound ?? 0
    let read = prompt.ids + answer
    let common = min(zip(read, other.ids).prefix { $0 == $1 }.count, other.ids.count - 1)
    guard common > 0, common >= visual, prompt.runs == other.runs,
      zip(prompt.positions.axes, other.positions.axes).allSatisfy({
        $0.prefix(visual) == $1.prefix(visual)
      })
    else { return nil }
    guard memories.contains(where: \.isRecurrence) else { return common }
    // A state is that of the last token, or the copy.
    if read.count == common { return common }
    return beginning.isEmpty || visual == 0 ? nil : visual
  }

  /// Reads tokens and computes the logits that follow the last.
  private func read(
    _ tokens: ArraySlice<Int32>, threads: ThreadTeam, observer: ComputeObserver = ComputeObserver()
  ) throws(Failure) {
    var rest = tokens
    while !rest.isEmpty {
      try observer.check?()
      let batch = rest.prefix(Self.batch)
      rest = rest.dropFirst(batch.count)
      if batch.count == 1 {
        try read(batch, in: row, buffers, isLast: rest.isEmpty, threads: threads)
      } else {
        try read(
          batch, in: try Matrix(rows: batch.count, columns: model.shape.hiddenSize),
          try TextBuffers(rows: batch.count, model.shape), isLast: rest.isEmpty, threads: threads)
      }
      observer.progress?(.prefill, 1 - Double(rest.count) / Double(tokens.count))
    }
  }

  func place() throws(Failure) -> DecodingPlace {
    var states: [DeltaState?] = []
    for memory in memories { states.append(try memory.kept) }
    return DecodingPlace(tokens: answer.count, states: states)
  }

  func goBack(to place: DecodingPlace, keeping count: Int) -> Int {
    // A state forgets nothing, so that only the place itself can be returned to.
    let kept = place.states.allSatisfy { $0 == nil } ? count : 0
    let tokens = min(answer.count, place.tokens + kept)
    for ((memory, state), length) in zip(zip(memories, place.states), cacheLengths) {
      switch memory {
      case .attention(_, let cache): cache.cut(to: length + tokens)
      case .recurrence(_, let current): if let state { current.become(state) }
      }
    }
    answer.removeLast(answer.count - tokens)
    position = prompt.positions.next + tokens
    return tokens - place.tokens
  }

  /// Reads tokens; `[tokens, hidden]` receives their hidden states.
  private func read(
    _ tokens: ArraySlice<Int32>, in hidden: Matrix, _ buffers: TextBuffers, isLast: Bool,
    threads: ThreadTeam
  ) throws(Failure) {
    let x = hidden.view
    for (row, token) in tokens.enumerated() {
      model.embedding.copyRow(Int(token), to: x.row(row))
    }
    let angles = model.rotary.angles(at: position..<position + tokens.count)
    position += tokens.count
    for (layer, memory) in zip(model.layers, memories) {
      let normalized = layer.normalize(x, buffers, threads: threads)
      switch memory {
      case .attention(let attention, let cache):
        try attention.project(normalized, buffers, rotary: angles, threads: threads)
        try attend(buffers, rows: tokens.count, cache, threads: threads)
        try attention.finish(x, buffers, threads: threads)
      case .recurrence(let net, let state):
        try net.apply(x, normalized, buffers, state: state, threads: threads)
      }
      try layer.finish(x, buffers, threads: threads)
    }
    guard isLast else { return }
    try model.write(
      &logits, after: x[rows: tokens.count - 1..<tokens.count],
      normalized: buffers.normalized[rows: 0..<1], threads: threads)
  }

  /// Adds the keys and values of tokens to a cache, one by one, because each token attends to itself and
  /// to those before it.
  private func attend(
    _ buffers: TextBuffers, rows: Int, _ cache: LayerCache, threads: ThreadTeam
  ) throws(Failure) {
    for row in 0..<rows {
      try cache.append(
        keys: buffers.keys[rows: row..<row + 1], values: buffers.values[rows: row..<row + 1])
      try model.attention.decode(
        query: buffers.queries.row(row), cache: cache, output: buffers.attended.row(row),
        threads: threads)
    }
  }
}
