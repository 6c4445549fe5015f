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

  /// `[patches, hidden]`; the first `rows.count` rows are in use.
  private let hidden: Matrix
  /// The segments and their rows in `hidden`.
  private var rows: SegmentedRows
  private var rotary: Rotary?
  /// The rows of each window; `nil` without windows.
  private var parts: AttentionParts?
  /// `[groups, output]` for each feature layer passed so far; merging applies to them as well.
  private var features: [Matrix] = []

  /// `[patches, hidden]`: normalized rows, then the attention's output.
  private let normalized: Matrix
  /// `[patches, 3 · hidden]`.
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
      let start = ranges.last?.upperBound ?? 0
      ranges.append(start..<start + segment.grid.patches)
    }
    let patches = ranges.last?.upperBound ?? 0
    rows = SegmentedRows(
      ranges: ranges, survivors: segments.map { Array(0..<$0.grid.groups) }, count: patches,
      groupSize: shape.groupSize)
    hidden = try Matrix(rows: patches, columns: shape.hiddenSize)
    normalized = try Matrix(rows: patches, columns: shape.hiddenSize)
    queryKeyValue = try Matrix(rows: patches, columns: 3 * shape.hiddenSize)
    inner = try MLPBuffers(
      rows: patches, size: shape.intermediateSize, hasGate: shape.hasGate,
      rowsAtOnce: threads.rowsAtOnce)
    rotary = model.rotary?.angles(segments.map(\.grid))
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
        normalized[rows: 0..<rows.count], buffers: inner, to: x, threads: threads)
      observer.trace?("vit.\(layer)", x)
      if let index = model.shape.featureLayers.firstIndex(of: layer) {
        features.append(try model.featureMergers[index].apply(x, threads: threads))
      }
      progress(Double(layer + 1) / Double(model.blocks.count))
    }
    let tokens = try model.merger.apply(hidden[rows: 0..<rows.count], threads: threads)
    let groupSize = model.shape.groupSize
    return rows.ranges.enumerated().map { segment, range in
      EncodedSegment(
        tokens: tokens, features: features,
        rows: range.lowerBound / groupSize..<range.upperBound / groupSize,
        survivors: rows.survivors[segment], sizes: rows.sizes(of: segment))
    }
  }

  /// Computes the patch embedding plus learned positions, some hundred patches at a time, so that the
  /// pixels of an image are never in memory as f32 all at once.
  private func embed(_ observer: ComputeObserver) throws(Failure) {
    let part = 512
    let pixels = try Matrix(rows: min(part, rows.count), columns: model.shape.patchElements)
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
    try block.queryKeyValue.apply(attended, to: qkv, threads: threads)
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
      for range in rows.ranges { scores.append(try attend(range)) }
    }
    try block.projection.apply(attended, to: x, accumulate: true, threads: threads)
    return scores
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
          sizes: rows.sizes(of: segment), groupSize: model.shape.groupSize,
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
  static func bytes(patches: Int, _ shape: VisionShape, rowsAtOnce: Int) -> Int {
    let size = shape.hiddenSize
    let inner = MLPBuffers.bytes(
      rows: patches, size: shape.intermediateSize, hasGate: shape.hasGate, rowsAtOnce: rowsAtOnce)
    let pixels = Matrix.bytes(rows: min(512, patches), columns: shape.patchElements)
    // Angles, cosines and sines, half a head's size each; scores of every head and patch.
    let rotary = 3 * patches * shape.headSize / 2 * MemoryLayout<Float>.stride
    let scores = Matrix.bytes(rows: shape.heads, columns: patches)
    let merger = PatchMerger.bytes(patches: patches, shape)
    // The rows of the windows, and their places while they are listed.
    let windows = shape.windows == nil ? 0 : patches * 20
    return 2 * Matrix.bytes(rows: patches, columns: size)
      + Matrix.bytes(rows: patches, columns: 3 * size) + inner + pixels + rotary + scores + merger
      + windows
  }
}
