import Compute
import Diagnostics
import Merging

@preconcurrency import Glibc

extension VisionPass {
  /// `x += projection(attention(norm(x)))`, every segment by itself. Rows of a film's frame also attend to
  /// those kept of frames before.
  ///
  /// - Returns: `[segments][patches]`, the attention scores that a merging layer's selection uses.
  func attend(_ block: VisionBlock, layer: Int) throws(Failure) -> [[Float]] {
    let size = model.shape.hiddenSize
    let x = hidden[rows: 0..<rows.count]
    let attended = normalized[rows: 0..<rows.count]
    let qkv = queryKeyValue[rows: 0..<rows.count]
    block.attentionNorm.apply(x, to: attended, threads: threads)
    try project(block, attended, to: qkv)
    if let rotary {
      threads.forEachRun(of: rows.count, size: 64) { run in
        // Queries and keys lie side by side, so one call rotates the heads of both.
        for row in run { rotary.rotate(qkv.row(row), heads: 2 * model.shape.heads, row: row) }
      }
    }
    let scores = try attendSegments(qkv, layer: layer)
    if let scale = block.attentionScale {
      // Queries have been used.
      let output = qkv[columns: 0..<size]
      try block.projection.apply(attended, to: output, threads: threads)
      scale.add(output, to: x, threads: threads)
    } else {
      try block.projection.apply(attended, to: x, accumulate: true, threads: threads)
    }
    return scores
  }

  /// The attention of every segment, from queries, keys and values `[rows, 3 · hidden]` to `normalized`.
  private func attendSegments(_ qkv: MatrixView, layer: Int) throws(Failure) -> [[Float]] {
    let shape = model.shape
    let size = shape.hiddenSize
    var attention = Attention(
      heads: shape.heads, keyValueHeads: shape.heads, headSize: shape.headSize, causal: false)
    attention.mayRound = model.roundsAttention
    let score = merging.vision.layers.contains(layer) ? merging.visionSelection.attentionScore : nil
    let scoreOfRows = score?.attentionScore(sumsQueries: shape.windows != nil)
    func attend(
      _ range: Range<Int>, to keysAndValues: MatrixView, keyBias: [Float],
      _ parts: AttentionParts? = nil
    ) throws(Failure) -> [Float] {
      try attention.apply(
        queries: qkv[rows: range][columns: 0..<size],
        keys: keysAndValues[columns: 0..<size], values: keysAndValues[columns: size..<2 * size],
        output: normalized[rows: range], keyBias: keyBias, parts: parts, score: scoreOfRows,
        threads: threads)
    }
    func ownBias(_ range: Range<Int>) -> [Float] {
      rows.keyBias.isEmpty ? [] : Array(rows.keyBias[range])
    }
    if let parts, shape.windows?.apply(in: layer) == true {
      let all = try attend(
        0..<rows.count, to: qkv[columns: size..<3 * size], keyBias: rows.keyBias, parts)
      return rows.ranges.map { all.isEmpty ? [] : Array(all[$0]) }
    }
    var scores: [[Float]] = []
    for (segment, patches) in rows.ranges.enumerated() {
      let range = attending(patches)
      let own = qkv[rows: range][columns: size..<3 * size]
      let received: [Float]
      if let frame = frames[segment], let film = segments[segment].film, !frame.kept.isEmpty {
        received = try attend(
          range, to: try joined(own, frame, film.layers[layer]),
          keyBias: ownBias(range) + bias(of: frame))
      } else {
        received = try attend(range, to: own, keyBias: ownBias(range))
      }
      keep(own, segment, layer: layer)
      // Every query counts, the class token and kept rows are no candidates.
      scores.append(Array(received.prefix(range.count).dropFirst(shape.extraRows)))
    }
    return scores
  }

  /// The keys and values of computed rows, then those of kept ones, `[rows, 2 · hidden]`.
  private func joined(
    _ own: MatrixView, _ frame: FilmRows.Frame, _ kept: KeptRows
  ) throws(Failure) -> MatrixView {
    let groupSize = model.shape.groupSize
    let extraRows = model.shape.extraRows
    let all = try Matrix(rows: own.rows + frame.kept.count * groupSize, columns: own.columns).view
    all[rows: 0..<own.rows].copy(from: own)
    threads.forEachRun(of: frame.kept.count, size: 16) { run in
      for index in run {
        for inner in 0..<groupSize {
          kept.read(
            row: extraRows + frame.kept[index].slot * groupSize + inner,
            to: all.row(own.rows + index * groupSize + inner))
        }
      }
    }
    return all
  }

  /// The logarithm of how many groups each kept row stands for; empty where none stands for several.
  private func bias(of frame: FilmRows.Frame) -> [Float] {
    guard !rows.keyBias.isEmpty else { return [] }
    return frame.kept.flatMap {
      Array(repeating: logf(Float($0.members.count)), count: model.shape.groupSize)
    }
  }

  /// Keeps the keys and values that were computed for a frame of a film, `[rows, 2 · hidden]`.
  private func keep(_ own: MatrixView, _ segment: Int, layer: Int) {
    guard let frame = frames[segment], let film = segments[segment].film else { return }
    let kept = film.layers[layer]
    let groupSize = model.shape.groupSize
    let extraRows = model.shape.extraRows
    for row in 0..<extraRows where row < own.rows {
      kept.write(own.row(row), count: own.columns, row: row)
    }
    threads.forEachRun(of: frame.computed.count, size: 16) { run in
      for index in run {
        for inner in 0..<groupSize {
          kept.write(
            own.row(extraRows + index * groupSize + inner), count: own.columns,
            row: extraRows + frame.computed[index].slot * groupSize + inner)
        }
      }
    }
  }

  /// Queries, keys and values of normalized rows, `[rows, 3 · hidden]`.
  private func project(
    _ block: VisionBlock, _ x: MatrixView, to qkv: MatrixView
  ) throws(Failure) {
    var parts: [(layer: Linear, y: MatrixView)] = []
    var column = 0
    for product in block.queryKeyValue {
      parts.append((product, qkv[columns: column..<column + product.outputs]))
      column += product.outputs
    }
    try Linear.apply(parts, x, threads: threads)
    guard let norms = block.queryKeyNorms else { return }
    let size = model.shape.hiddenSize
    for (norm, first) in [(norms.query, 0), (norms.key, size)] {
      let part = qkv[columns: first..<first + size]
      norm.apply(part, to: part, threads: threads)
    }
  }
}
