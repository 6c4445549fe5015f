import Compute
import Diagnostics
import Merging

/// A prompt that a language model has read, and the answer generated after it.
final class TextDecoder: Decoding {
  private(set) var logits: [Float]
  let steps: [MergeStep]
  let survivors: [[Int]]
  let cacheLengths: [Int]

  private let model: TextModel
  private let memories: [LayerMemory]
  /// The position of the next token: one more than the largest position of the unmerged prompt.
  private var position: Int
  /// The position of the first token of the answer.
  private let start: Int
  private let buffers: TextBuffers
  /// `[1, hidden]`: the hidden state of the current token.
  private let row: Matrix

  /// The most tokens that are read in one go.
  private static let batch = 32

  init(
    _ model: TextModel, memories: [LayerMemory], logits: [Float], position: Int, steps: [MergeStep],
    survivors: [[Int]]
  ) throws(Failure) {
    self.model = model
    self.memories = memories
    self.logits = logits
    self.position = position
    start = position
    self.steps = steps
    self.survivors = survivors
    cacheLengths = memories.map(\.count)
    buffers = try TextBuffers(rows: 1, model.shape)
    row = try Matrix(rows: 1, columns: model.shape.hiddenSize)
  }

  func advance(by tokens: [Int32], threads: ThreadTeam) throws(Failure) {
    var rest = tokens[...]
    while !rest.isEmpty {
      let batch = rest.prefix(Self.batch)
      rest = rest.dropFirst(batch.count)
      if batch.count == 1 {
        try read(batch, in: row, buffers, isLast: rest.isEmpty, threads: threads)
      } else {
        try read(
          batch, in: try Matrix(rows: batch.count, columns: model.shape.hiddenSize),
          try TextBuffers(rows: batch.count, model.shape), isLast: rest.isEmpty, threads: threads)
      }
    }
  }

  func place() throws(Failure) -> DecodingPlace {
    var states: [DeltaState?] = []
    for memory in memories { states.append(try memory.kept) }
    return DecodingPlace(tokens: position - start, states: states)
  }

  func goBack(to place: DecodingPlace, keeping count: Int) -> Int {
    // A state forgets nothing, so that only the place itself can be returned to.
    let kept = place.states.allSatisfy { $0 == nil } ? count : 0
    let tokens = min(position - start, place.tokens + kept)
    for ((memory, state), length) in zip(zip(memories, place.states), cacheLengths) {
      switch memory {
      case .attention(_, let cache): cache.cut(to: length + tokens)
      case .recurrence(_, let current): if let state { current.become(state) }
      }
    }
    position = start + tokens
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
