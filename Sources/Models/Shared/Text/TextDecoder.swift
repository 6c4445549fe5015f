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
  private let buffers: TextBuffers
  /// `[1, hidden]`: the hidden state of the current token.
  private let row: Matrix

  init(
    _ model: TextModel, memories: [LayerMemory], logits: [Float], position: Int, steps: [MergeStep],
    survivors: [[Int]]
  ) throws(Failure) {
    self.model = model
    self.memories = memories
    self.logits = logits
    self.position = position
    self.steps = steps
    self.survivors = survivors
    cacheLengths = memories.map(\.count)
    buffers = try TextBuffers(rows: 1, model.shape)
    row = try Matrix(rows: 1, columns: model.shape.hiddenSize)
  }

  func advance(by token: Int32, threads: ThreadTeam) throws(Failure) {
    let x = row.view
    model.embedding.copyRow(Int(token), to: x.row(0))
    let angles = model.rotary.angles(at: position)
    position += 1
    for (layer, memory) in zip(model.layers, memories) {
      let normalized = layer.normalize(x, buffers, threads: threads)
      switch memory {
      case .attention(let attention, let cache):
        try attention.project(normalized, buffers, rotary: angles, threads: threads)
        try cache.append(keys: buffers.keys.view, values: buffers.values.view)
        try model.attention.decode(
          query: buffers.queries.base, cache: cache, output: buffers.attended.base,
          threads: threads)
        try attention.finish(x, buffers, threads: threads)
      case .recurrence(let net, let state):
        try net.apply(x, normalized, buffers, state: state, threads: threads)
      }
      try layer.finish(x, buffers, threads: threads)
    }
    try model.write(
      &logits, after: x, normalized: buffers.normalized.view, threads: threads)
  }
}
