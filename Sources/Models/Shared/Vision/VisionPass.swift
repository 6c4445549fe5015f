import Compute
import Diagnostics
import Merging

/// One batch of segments in an image encoder.
struct VisionPass {
  /// A record of each merging layer for each segment.
  private(set) var records: [[MergeRecord]] = []

  private let model: VisionEncoder
  private let segments: [VisionSegment]
  /// The number of the batch's first segment within the question.
  private let firstSegment: Int
  private let merging: ResolvedMerging
  private let threads: ThreadTeam

  /// `[rows, hidden]`; the first `rows.count` rows are in use.
  private let hidden: Matrix
  /// The segments and their patches' rows in `hidden`; a class token is in the row before them.
  private var rows: SegmentedRows
  private var rotary: Rotary?
  /// The rows of each window; `nil` without windows.
  private var parts: AttentionParts?
  /// `[groups, output]` for each feature layer passed so far; merging applies to them as well.
  private var features: [Matrix] = []

  /// `[rows, hidden]`: normalized rows, then the attention's output.
  private let normalized: Matrix
  /// `[rows, 3 · hidden]`.
  private let queryKeyValue: Matrix
  private let inner: MLPBuffers

  init(
    _ model: VisionEncoder, _ segments: [VisionSegment], firstSegment: Int,
    merging: ResolvedMerging, threads: ThreadTeam
  ) throws(Failure) {
    self.model = model
    self.segments = segments
    self.firstSegment = firstSegment
    self.merging = merging
    self.threads = threads
    let shape = model.shape
    var ranges: [Range<Int>] = []
    for segment in segments {
      let start = (ranges.last?.upperBound ?? 0) + shape.extraRows
      ranges.append(start..<start + segment.grid.patches)
    }
    let count = ranges.last?.upperBound ?? 0
    rows = SegmentedRows(
      ranges: ranges, survivors: segments.map { Array(0..<$0.grid.groups) }, count: count,
      groupSize: shape.groupSize, fixed: segments.map(\.segment.view.isPadding))
    hidden = try Matrix(rows: count, columns: shape.hiddenSize)
    normalized = try Matrix(rows: count, columns: shape.hiddenSize)
    queryKeyValue = try Matrix(rows: count, columns: 3 * shape.hiddenSize)
    inner = try MLPBuffers(
      rows: count, size: shape.intermediateSize, hasGate: shape.hasGate,
      rowsAtOnce: threads.rowsAtOnce)
    rotary = model.rotary?.angles(segments.map(\.grid), extraRows: shape.extraRows)
    parts = windowParts()
  }

  /// Runs the batch through all blocks.
  mutating func run(
    observer: ComputeObserver, progress: (Double) -> Void
  ) throws(Failure) -> [EncodedSegment] {
    try embed(observer)
    observer.trace?("embedding", hidden.view)
    for (layer, block) in model.blocks.enumerated() {
      try observer.check?()
      let scores = try attend(block, layer: layer)
      if merging.vision.layers.contains(layer) { try merge(scores, layer: layer) }
      let x = hidden[rows: 0..<rows.count]
      block.mlpNorm.apply(x, to: normalized[rows: 0..<rows.count], threads: threads)
      try block.mlp.add(
        normalized[rows: 0..<rows.count], buffers: inner, to: x, scale: block.mlpScale,
        threads: threads)
      observer.trace?("vit.\(layer)", x)
      if let index = model.shape.featureLayers.firstIndex(of: layer) {
        features.append(try model.featureMergers[index].apply(patches(), threads: threads))
      }
      progress(Double(layer + 1) / Double(model.blocks.count))
    }
    let tokens = try model.merger.apply(patches(), threads: threads)
    observer.trace?("merger", tokens.view)
    var next = 0
    return rows.survivors.enumerated().map { segment, survivors in
      defer { next += survivors.count }
      return EncodedSegment(
        tokens: tokens, features: features, rows: next..<next + survivors.count,
        survivors: survivors, sizes: rows.sizes(of: segment))
    }
  }

  /// The rows of all patches without gaps, `[patches, hidden]`; without class tokens those of `hidden`.
  private func patches() -> MatrixView {
    guard model.shape.hasClassToken else { return hidden[rows: 0..<rows.count] }
    // Between two blocks the normalized rows are not in use.
    var count = 0
    for range in rows.ranges {
      normalized[rows: count..<count + range.count].copy(from: hidden[rows: range])
      count += range.count
    }
    return normalized[rows: 0..<count]
  }

  /// The rows of a segment that attend to each other: its patches, and its class token before them.
  private func attending(_ patches: Range<Int>) -> Range<Int> {
    patches.lowerBound - model.shape.extraRows..<patches.upperBound
  }

  /// Computes the patch embedding plus learned positions, some hundred patches at a time, so that the
  /// pixels of an image are never in memory as f32 all at once.
  private func embed(_ observer: ComputeObserver) throws(Failure) {
    let part = 512
    let most = segments.map(\.grid.patches).max() ?? 0
    let pixels = try Matrix(rows: min(part, most), columns: model.shape.patchElements)
    for (segment, range) in zip(segments, rows.ranges) {
      for first in stride(from: 0, to: range.count, by: part) {
        let run = first..<min(range.count, first + part)
        let patches = pixels[rows: 0..<run.count]
        model.extractor.extract(segment, patches: run, to: patches, threads: threads)
        observer.trace?(
          segment.segment.isVideo ? "pixel_values_videos" : "pixel_values", patches)
        let target = range.lowerBound + run.lowerBound..<range.lowerBound + run.upperBound
        try model.patchEmbedding.apply(patches, to: hidden[rows: target], threads: threads)
      }
      model.positions?.add(grid: segment.grid, to: hidden[rows: range], threads: threads)
      if let token = model.classToken {
        hidden.view.row(attending(range).lowerBound).update(from: token.row, count: hidden.columns)
      }
    }
  }

  /// `x += projection(attention(norm(x)))`, every segment by itself.
  ///
  /// - Returns: `[segments][patches]`, the attention scores that a merging layer's selection uses.
  private func attend(_ block: VisionBlock, layer: Int) throws(Failure) -> [[Float]] {
    let shape = model.shape
    let size = shape.hiddenSize
    let x = hidden[rows: 0..<rows.count]
    let attended = normalized[rows: 0..<rows.count]
    let qkv = queryKeyValue[rows: 0..<rows.count]
    block.attentionNorm.apply(x, to: attended, threads: threads)
    try project(block, attended, to: qkv)
    if let rotary {
      threads.forEachRun(of: rows.count, size: 64) { run in
        // Queries and keys lie side by side, so one call rotates the heads of both.
        for row in run { rotary.rotate(qkv.row(row), heads: 2 * shape.heads, row: row) }
      }
    }
    var attention = Attention(
      heads: shape.heads, keyValueHeads: shape.heads, headSize: shape.headSize, causal: false)
    attention.mayRound = model.roundsAttention
    let score = merging.vision.layers.contains(layer) ? merging.visionSelection.attentionScore : nil
    let scoreOfRows = score?.attentionScore(sumsQueries: shape.windows != nil)
    func attend(
      _ range: Range<Int>, _ parts: AttentionParts? = nil
    ) throws(Failure) -> [Float] {
      let part = qkv[rows: range]
      return try attention.apply(
        queries: part[columns: 0..<size], keys: part[columns: size..<2 * size],
        values: part[columns: 2 * size..<3 * size], output: normalized[rows: range],
        keyBias: rows.keyBias.isEmpty ? [] : Array(rows.keyBias[range]), parts: parts,
        score: scoreOfRows, threads: threads)
    }
    var scores: [[Float]] = []
    if let parts, shape.windows?.apply(in: layer) == true {
      let all = try attend(0..<rows.count, parts)
      scores = rows.ranges.map { all.isEmpty ? [] : Array(all[$0]) }
    } else {
      for range in rows.ranges {
        // Every query counts, the class token is no candidate.
        scores.append(Array(try attend(attending(range)).dropFirst(shape.extraRows)))
      }
    }
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

  /// Plans the merge of every segment and applies it to its rows and features.
  private mutating func merge(_ scores: [[Float]], layer: Int) throws(Failure) {
    var merges: [SegmentMerge] = []
    for (segment, range) in rows.ranges.enumerated() {
      // The attention's output has been added to the hidden states, so its rows are not in use.
      merges.append(
        try SegmentMerge(
          patchScores: scores[segment], patches: hidden[rows: range],
          scratch: normalized[rows: range],
          sizes: rows.sizes(of: segment), movable: rows.movable(of: segment),
          groupSize: model.shape.groupSize,
          scoreStep: model.shape.windows.map { _ in VisionWindows.scoreStep },
          seed: RandomScores.seed(
            job: merging.seed, stage: .vision, layer: layer, segment: firstSegment + segment),
          merging: merging, threads: threads))
    }
    let (kept, records) = rows.merge(
      merges, rows: hidden, features: features, isWeighted: merging.vision.mode.isWeighted)
    rotary?.keep(kept)
    parts = windowParts()
    self.records.append(records)
  }

  /// The rows of each window that are left.
  private func windowParts() -> AttentionParts? {
    guard let windows = model.shape.windows else { return nil }
    let groupSize = model.shape.groupSize
    var parts: [[Int]] = []
    for (segment, range) in rows.ranges.enumerated() {
      let groups = windows.parts(of: segments[segment].grid, groups: rows.survivors[segment])
      parts += groups.map { groups in
        groups.flatMap { group in
          let first = range.lowerBound + group * groupSize
          return first..<first + groupSize
        }
      }
    }
    return AttentionParts(parts)
  }

  /// The memory that a batch takes while it is computed, without its results.
  static func bytes(
    segments: Int, patches: Int, _ shape: VisionShape, rowsAtOnce: Int
  ) -> Int {
    let size = shape.hiddenSize
    let rows = patches + segments * shape.extraRows
    let inner = MLPBuffers.bytes(
      rows: rows, size: shape.intermediateSize, hasGate: shape.hasGate, rowsAtOnce: rowsAtOnce)
    let pixels = Matrix.bytes(rows: min(512, patches), columns: shape.patchElements)
    // Angles, cosines and sines, half a head's size each; scores of every head and patch.
    let rotary = 3 * rows * shape.headSize / 2 * MemoryLayout<Float>.stride
    let scores = Matrix.bytes(rows: shape.heads, columns: rows)
    let merger = PatchMerger.bytes(patches: patches, shape)
    // The rows of the windows, and their places while they are listed.
    let windows = shape.windows == nil ? 0 : patches * 20
    return 2 * Matrix.bytes(rows: rows, columns: size)
      + Matrix.bytes(rows: rows, columns: 3 * size) + inner + pixels + rotary + scores + merger
      + windows
  }
}
