import Compute
import Diagnostics
import Merging

@preconcurrency import Glibc

/// One batch of segments on its way through the image encoder.
struct VisionPass {
  /// What each merging layer did to each segment.
  private(set) var records: [[MergeRecord]] = []

  private let model: VisionModel
  private let segments: [VisionSegment]
  /// The number of the batch's first segment within the question.
  private let firstSegment: Int
  private let merging: ResolvedMerging
  private let threads: ThreadTeam

  /// `[patches, hidden]`; the first `patches` rows are alive.
  private let hidden: Matrix
  private var patches: Int
  /// Each segment's rows of `hidden`.
  private var ranges: [Range<Int>] = []
  /// Each segment's surviving groups, by original index.
  private var survivors: [[Int]] = []
  /// Each segment's groups: how many each of them stands for; empty before groups were absorbed.
  private var sizes: [[Float]] = []
  private var rotary: Rotary
  /// `[groups, output]` for each DeepStack layer passed so far, merged along.
  private var deepStack: [Matrix] = []

  /// `[patches, hidden]`: normalized rows, then the attention's output.
  private let normalized: Matrix
  /// `[patches, 3 · hidden]`.
  private let queryKeyValue: Matrix
  /// `[min(patches, rowsAtOnce), intermediate]`.
  private let inner: Matrix

  init(
    _ model: VisionModel, _ segments: [VisionSegment], firstSegment: Int,
    merging: ResolvedMerging, threads: ThreadTeam
  ) throws(Failure) {
    self.model = model
    self.segments = segments
    self.firstSegment = firstSegment
    self.merging = merging
    self.threads = threads
    let size = model.configuration.hiddenSize
    patches = segments.reduce(0) { $0 + $1.grid.patches }
    var start = 0
    for segment in segments {
      ranges.append(start..<start + segment.grid.patches)
      survivors.append(Array(0..<segment.grid.groups))
      start += segment.grid.patches
    }
    hidden = try Matrix(rows: patches, columns: size)
    normalized = try Matrix(rows: patches, columns: size)
    queryKeyValue = try Matrix(rows: patches, columns: 3 * size)
    inner = try Matrix(
      rows: min(patches, max(1, threads.rowsAtOnce)),
      columns: model.configuration.intermediateSize)
    rotary = Self.rotary(segments, frequencies: model.frequencies)
  }

  /// Memory that a batch takes while it is computed, without what it hands over.
  static func bytes(
    patches: Int, _ configuration: VisionConfiguration, rowsAtOnce: Int
  ) -> Int {
    let size = configuration.hiddenSize
    let inner = Matrix.bytes(
      rows: min(patches, max(1, rowsAtOnce)), columns: configuration.intermediateSize)
    let pixels = Matrix.bytes(rows: min(512, patches), columns: configuration.patchElements)
    // Angles, cosines and sines, half a head's size each; scores of every head and patch.
    let rotary = 3 * patches * configuration.headSize / 2 * MemoryLayout<Float>.stride
    let scores = Matrix.bytes(rows: configuration.heads, columns: patches)
    let merger = PatchMerger.bytes(patches: patches, configuration)
    return 2 * Matrix.bytes(rows: patches, columns: size)
      + Matrix.bytes(rows: patches, columns: 3 * size) + inner + pixels + rotary + scores + merger
  }

  /// Takes the batch through all blocks.
  mutating func run(
    observer: ComputeObserver, progress: (Double) -> Void
  ) throws(Failure) -> [EncodedSegment] {
    try embed(observer)
    observer.trace?("embedding", hidden.view)
    for (index, block) in model.blocks.enumerated() {
      try observer.check?()
      try attend(block, layer: index)
      try applyMLP(block)
      observer.trace?("vit.\(index)", hidden[rows: 0..<patches])
      if let position = model.configuration.deepStackLayers.firstIndex(of: index) {
        deepStack.append(
          try model.deepStackMergers[position].apply(hidden[rows: 0..<patches], threads: threads))
      }
      progress(Double(index + 1) / Double(model.blocks.count))
    }
    let tokens = try model.merger.apply(hidden[rows: 0..<patches], threads: threads)
    let groupSize = model.configuration.groupSize
    return segments.indices.map { index in
      EncodedSegment(
        tokens: tokens, deepStack: deepStack,
        rows: ranges[index].lowerBound / groupSize..<ranges[index].upperBound / groupSize,
        survivors: survivors[index], sizes: sizes.isEmpty ? [] : sizes[index],
        grid: segments[index].grid)
    }
  }

  /// Patch embedding plus learned positions, some hundred patches at a time: the pixels of a
  /// picture are never in memory as f32 all at once.
  private func embed(_ observer: ComputeObserver) throws(Failure) {
    let part = 512
    let pixels = try Matrix(
      rows: min(part, patches), columns: model.configuration.patchElements)
    for (segment, range) in zip(segments, ranges) {
      for first in stride(from: 0, to: range.count, by: part) {
        let run = first..<min(range.count, first + part)
        let rows = pixels[rows: 0..<run.count]
        model.extractor.extract(segment, patches: run, to: rows, threads: threads)
        observer.trace?(segment.isVideo ? "pixel_values_videos" : "pixel_values", rows)
        let target = range.lowerBound + run.lowerBound..<range.lowerBound + run.upperBound
        try model.patchEmbedding.apply(rows, to: hidden[rows: target], threads: threads)
      }
      model.positions.add(grid: segment.grid, to: hidden[rows: range], threads: threads)
    }
  }

  /// `x += projection(attention(norm(x)))`, then merging if this is a merging layer.
  private mutating func attend(_ block: VisionBlock, layer: Int) throws(Failure) {
    let configuration = model.configuration
    let size = configuration.hiddenSize
    let x = hidden[rows: 0..<patches]
    let rows = normalized[rows: 0..<patches]
    let qkv = queryKeyValue[rows: 0..<patches]
    block.attentionNorm.apply(x, to: rows, threads: threads)
    try block.queryKeyValue.apply(rows, to: qkv, threads: threads)
    threads.forEachRun(of: patches, size: 64) { run in
      // Queries and keys lie side by side: one call turns the heads of both.
      for row in run { rotary.rotate(qkv.row(row), heads: 2 * configuration.heads, row: row) }
    }
    let merges = merging.vision.layers.contains(layer)
    var attention = Attention(
      heads: configuration.heads, keyValueHeads: configuration.heads,
      headSize: configuration.headSize, causal: false)
    attention.mayRound = model.roundsAttention
    var scores: [[Float]] = []
    for (index, range) in ranges.enumerated() {
      let part = qkv[rows: range]
      scores.append(
        try attention.apply(
          queries: part[columns: 0..<size], keys: part[columns: size..<2 * size],
          values: part[columns: 2 * size..<3 * size], output: normalized[rows: range],
          keyBias: sizes.isEmpty ? [] : keyBias(of: sizes[index]),
          score: merges ? merging.visionScore?.attentionScore() : nil, threads: threads))
    }
    try block.projection.apply(rows, to: x, accumulate: true, threads: threads)
    if merges { try merge(scores, layer: layer) }
  }

  /// The logarithm of how many groups each patch's group stands for, `[patches]`.
  private func keyBias(of sizes: [Float]) -> [Float] {
    let groupSize = model.configuration.groupSize
    return sizes.flatMap { [Float](repeating: logf($0), count: groupSize) }
  }

  /// Plans every segment and applies the plans to all that belongs to its rows.
  private mutating func merge(_ scores: [[Float]], layer: Int) throws(Failure) {
    let groupSize = model.configuration.groupSize
    if merging.vision.mode.isWeighted, sizes.isEmpty {
      sizes = survivors.map { [Float](repeating: 1, count: $0.count) }
    }
    var keptPatches: [Int] = []
    var newRanges: [Range<Int>] = []
    var done: [MergeRecord] = []
    for (index, range) in ranges.enumerated() {
      let rows = hidden[rows: range]
      // The attention's output has been added to the hidden states: its rows are free.
      let merge = try VisionMerge.make(
        patchScores: scores[index], patches: rows, scratch: normalized[rows: range],
        sizes: sizes.isEmpty ? [] : sizes[index], groupSize: groupSize,
        seed: RandomScores.seed(
          job: merging.seed, stage: .vision, layer: layer, segment: firstSegment + index),
        merging: merging, threads: threads)
      let start = newRanges.last?.upperBound ?? 0
      merge.apply(rows, to: hidden.view.row(start))
      let groups = range.lowerBound / groupSize..<range.upperBound / groupSize
      for features in deepStack {
        merge.apply(
          toGroups: features[rows: groups], to: features.view.row(start / groupSize))
      }
      for group in merge.keptGroups {
        let first = range.lowerBound + group * groupSize
        keptPatches += first..<first + groupSize
      }
      let record = MergeRecord(merge, arrived: survivors[index])
      survivors[index] = record.kept
      if !sizes.isEmpty { sizes[index] = merge.plan.sizes(after: sizes[index]) }
      done.append(record)
      newRanges.append(start..<start + merge.keptGroups.count * groupSize)
    }
    rotary.keep(keptPatches)
    ranges = newRanges
    patches = keptPatches.count
    records.append(done)
  }

  /// `x += contract(gelu(expand(norm(x))))`, a run of rows at a time.
  private func applyMLP(_ block: VisionBlock) throws(Failure) {
    let x = hidden[rows: 0..<patches]
    let rows = normalized[rows: 0..<patches]
    block.mlpNorm.apply(x, to: rows, threads: threads)
    for first in stride(from: 0, to: patches, by: inner.rows) {
      let run = first..<min(patches, first + inner.rows)
      let part = inner[rows: 0..<run.count]
      try block.expand.apply(rows[rows: run], to: part, threads: threads)
      model.configuration.mlpActivation.apply(part, threads: threads)
      try block.contract.apply(part, to: x[rows: run], accumulate: true, threads: threads)
    }
  }

  /// The angles of every patch: the first half of the frequencies turns with its row, the second
  /// with its column (HF `rot_pos_emb`).
  private static func rotary(_ segments: [VisionSegment], frequencies: [Float]) -> Rotary {
    var angles: [Float] = []
    for segment in segments {
      for patch in 0..<segment.grid.patches {
        let (row, column) = segment.grid.position(of: patch)
        angles += frequencies.map { Float(row) * $0 }
        angles += frequencies.map { Float(column) * $0 }
      }
    }
    return Rotary(angles: angles, half: 2 * frequencies.count)
  }
}
