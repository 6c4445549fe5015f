import Compute
import Diagnostics
import Merging

/// One batch of segments in an image encoder.
struct VisionPass {
  /// A record of each merging layer for each segment.
  private(set) var records: [[MergeRecord]] = []

  let model: VisionEncoder
  let segments: [VisionSegment]
  /// The number of the batch's first segment within the question.
  let firstSegment: Int
  let merging: ResolvedMerging
  let threads: ThreadTeam

  /// `[rows, hidden]`; the first `rows.count` rows are in use.
  let hidden: Matrix
  /// The segments and their patches' rows in `hidden`; a class token is in the row before them.
  private(set) var rows: SegmentedRows
  /// For each segment of a film, the rows that reach the layer; `nil` for others.
  private(set) var frames: [FilmRows.Frame?]
  private(set) var rotary: Rotary?
  /// The rows of each window; `nil` without windows.
  private(set) var parts: AttentionParts?
  /// `[groups, output]` for each feature layer passed so far; merging applies to them as well.
  private var features: [Matrix] = []

  /// `[rows, hidden]`: normalized rows, then the attention's output.
  let normalized: Matrix
  /// `[rows, 3 · hidden]`.
  let queryKeyValue: Matrix
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
      ranges.append(start..<start + segment.patches.count)
    }
    let count = ranges.last?.upperBound ?? 0
    rows = SegmentedRows(
      ranges: ranges, survivors: segments.map(\.groups), count: count,
      groupSize: shape.groupSize, fixed: segments.map(\.segment.view.isPadding))
    hidden = try Matrix(rows: count, columns: shape.hiddenSize)
    normalized = try Matrix(rows: count, columns: shape.hiddenSize)
    queryKeyValue = try Matrix(rows: count, columns: 3 * shape.hiddenSize)
    inner = try MLPBuffers(
      rows: count, size: shape.intermediateSize, hasGate: shape.hasGate,
      rowsAtOnce: threads.rowsAtOnce)
    rotary = model.rotary?.angles(segments, extraRows: shape.extraRows)
    frames = []
    parts = windowParts()
    frames = segments.enumerated().map { number, segment in
      segment.film.map { film in
        film.rows[0].replace(
          segment.isComputed, by: segment.groups.map { ($0, [$0]) }, segment: firstSegment + number)
      }
    }
  }

  /// Runs the batch through all blocks.
  mutating func run(
    observer: ComputeObserver, progress: (Double) -> Void
  ) throws(Failure) -> [EncodedSegment] {
    try embed(observer)
    observer.trace?("embedding", hidden.view)
    guard rows.count > 0 else { return try unchanged() }
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
    return try encoded(tokens, features)
  }

  /// The segments of a batch in which nothing is computed.
  private mutating func unchanged() throws(Failure) -> [EncodedSegment] {
    for (number, segment) in segments.enumerated() {
      guard let film = segment.film else { continue }
      for stage in film.rows.indices.dropFirst() {
        frames[number] = film.rows[stage].replace(
          segment.isComputed, by: [], segment: firstSegment + number, below: frames[number])
      }
    }
    var none: [Matrix] = []
    for _ in model.shape.featureLayers {
      none.append(try Matrix(rows: 0, columns: model.shape.outputSize))
    }
    return try encoded(try Matrix(rows: 0, columns: model.shape.outputSize), none)
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
  func attending(_ patches: Range<Int>) -> Range<Int> {
    patches.lowerBound - model.shape.extraRows..<patches.upperBound
  }

  /// Computes the patch embedding plus learned positions, some hundred patches at a time, so that the
  /// pixels of an image are never in memory as f32 all at once.
  private func embed(_ observer: ComputeObserver) throws(Failure) {
    let part = 512
    let most = segments.map(\.patches.count).max() ?? 0
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
      model.positions?.add(
        grid: segment.grid, patches: segment.patches, to: hidden[rows: range], threads: threads)
      if let token = model.classToken {
        hidden.view.row(attending(range).lowerBound).update(from: token.row, count: hidden.columns)
      }
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
          sizes: rows.sizes(of: segment), movable: range.isEmpty ? [] : rows.movable(of: segment),
          groupSize: model.shape.groupSize,
          scoreStep: model.shape.windows.map { _ in VisionWindows.scoreStep },
          seed: RandomScores.seed(
            job: merging.seed, stage: .vision, layer: layer, segment: firstSegment + segment),
          merging: merging, threads: threads))
    }
    let (kept, records) = rows.merge(
      merges, rows: hidden, features: features, isWeighted: merging.vision.mode.isWeighted)
    rotary?.keep(kept)
    let before = frames
    nextFrames(merges, records)
    parts = windowParts()
    self.records.append(
      records.indices.map { joined(records[$0], before[$0], frames[$0]) })
  }

  /// Goes on to the rows of films after a merging layer.
  private mutating func nextFrames(_ merges: [SegmentMerge], _ records: [MergeRecord]) {
    let stage = self.records.count + 1
    for (number, merge) in merges.enumerated() {
      guard let film = segments[number].film, let before = frames[number] else { continue }
      let members = merge.plan.members(of: before.computed.map(\.members), merging.vision.mode)
        .map { $0.sorted() }
      frames[number] = film.rows[stage].replace(
        segments[number].isComputed,
        by: zip(records[number].kept, members).map { ($0, $1) }, segment: firstSegment + number,
        below: before)
    }
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
