import Compute
import Diagnostics
import Merging

@preconcurrency import Glibc

/// A whole prompt on its way through the language model, layer by layer.
struct PrefillPass {
  /// What every merging layer did.
  private(set) var steps: [MergeStep] = []
  /// Each segment's surviving groups, by original index.
  private(set) var survivors: [[Int]]

  private let model: TextModel
  private let cacheType: ElementType
  private var merging: ResolvedMerging
  private let threads: ThreadTeam

  /// `[rows, hidden]`; the first `rows` are alive.
  private let hidden: Matrix
  private var rows: Int
  /// Each segment's rows of `hidden`.
  private var ranges: [Range<Int>] = []
  /// `[rows]`: how many tokens of the unmerged prompt each row stands for; empty where each is itself
  /// alone.
  private var sizes: [Float] = []
  /// `[rows]`: their logarithms.
  private var keyBias: [Float] = []
  private var rotary: Rotary
  /// DeepStack features of all segments, `[visual tokens, hidden]` per layer that gets them; those
  /// of layers to come are merged along.
  private var deepStack: [Matrix] = []
  private let buffers: TextBuffers

  init(
    _ model: TextModel, prompt: AssembledPrompt, segments: [EncodedSegment],
    merging: ResolvedMerging, cacheType: ElementType, threads: ThreadTeam
  ) throws(Failure) {
    self.model = model
    self.cacheType = cacheType
    self.merging = merging
    self.threads = threads
    survivors = segments.map(\.survivors)
    let removed = zip(prompt.segments, segments).reduce(0) { $0 + $1.0.tokens.count - $1.1.count }
    rows = prompt.ids.count - removed
    hidden = try Matrix(rows: rows, columns: model.configuration.hiddenSize)
    buffers = try TextBuffers(
      rows: rows, model.configuration, rowsAtOnce: threads.rowsAtOnce)
    let positions = prompt.positions
    var kept: [TokenPosition] = []
    var next = 0
    var row = 0
    for (segment, encoded) in zip(prompt.segments, segments) {
      for token in next..<segment.tokens.lowerBound {
        model.embedding.copyRow(Int(prompt.ids[token]), to: hidden.view.row(row))
        kept.append(positions[token])
        row += 1
      }
      hidden[rows: row..<row + encoded.count].copy(from: encoded.embeddings)
      ranges.append(row..<row + encoded.count)
      let own = segment.tokens.lowerBound
      kept +=
        merging.profile.truncatesPositions
        ? positions[own..<own + encoded.count]
        : ArraySlice(encoded.survivors.map { positions[own + $0] })
      row += encoded.count
      next = segment.tokens.upperBound
    }
    for token in next..<prompt.ids.count {
      model.embedding.copyRow(Int(prompt.ids[token]), to: hidden.view.row(row))
      kept.append(positions[token])
      row += 1
    }
    rotary = model.rotary.angles(kept)
    deepStack = try Self.gatherDeepStack(segments)
    let isWeighted = merging.text.mode.isWeighted && !merging.text.layers.isEmpty
    if isWeighted || segments.contains(where: { !$0.sizes.isEmpty }) {
      var sizes = [Float](repeating: 1, count: rows)
      for (range, encoded) in zip(ranges, segments) {
        for (token, size) in zip(range, encoded.sizes) { sizes[token] = size }
      }
      weigh(sizes)
    }
  }

  private static func gatherDeepStack(_ segments: [EncodedSegment]) throws(Failure) -> [Matrix] {
    guard let first = segments.first else { return [] }
    let tokens = segments.reduce(0) { $0 + $1.count }
    var gathered: [Matrix] = []
    for index in first.deepStack.indices {
      let features = try Matrix(rows: tokens, columns: first.embeddings.columns)
      var row = 0
      for segment in segments {
        features[rows: row..<row + segment.count].copy(from: segment.deepStackFeatures(index))
        row += segment.count
      }
      gathered.append(features)
    }
    return gathered
  }

  /// Takes the prompt through all layers.
  ///
  /// - Parameter room: tokens that may be generated afterwards: the caches are made for them too.
  /// - Returns: the caches and the logits of the last position.
  mutating func run(
    room: Int, observer: ComputeObserver
  ) throws(Failure) -> (caches: [LayerCache], logits: [Float]) {
    let configuration = model.configuration
    var caches: [LayerCache] = []
    var scores: [Float] = []
    for (index, layer) in model.layers.enumerated() {
      try observer.check?()
      if merging.text.layers.contains(index) {
        if !ranges.isEmpty {
          ask(observer, layer: index, caches: caches, room: room)
          try merge(scores, layer: index)
        }
      }
      let x = hidden[rows: 0..<rows]
      try layer.project(x, buffers, rotary: rotary, threads: threads)
      let (keys, values) = (buffers.keys[rows: 0..<rows], buffers.values[rows: 0..<rows])
      let isScored = merging.text.layers.contains(index + 1) && !ranges.isEmpty
      scores = try model.attention.apply(
        queries: buffers.queries[rows: 0..<rows], keys: keys, values: values,
        output: buffers.attended[rows: 0..<rows], keyBias: keyBias,
        score: isScored ? merging.textScore?.attentionScore(questionRows: questionRows) : nil,
        threads: threads)
      let cache = try LayerCache(
        capacity: rows + room, heads: configuration.keyValueHeads,
        headSize: configuration.headSize, elementType: cacheType)
      try cache.append(keys: keys, values: values, keyBias: keyBias)
      caches.append(cache)
      try layer.finish(x, buffers, threads: threads)
      addDeepStack(index)
      observer.trace?("llm.\(index)", x)
      observer.progress?(.prefill, Double(index + 1) / Double(model.layers.count))
    }
    return (caches, try model.logits(after: hidden[rows: 0..<rows], threads: threads))
  }

  /// Lets the observer choose what this merging layer and those after it keep.
  private mutating func ask(
    _ observer: ComputeObserver, layer: Int, caches: [LayerCache], room: Int
  ) {
    guard let retention = observer.retention, case .share(let share) = merging.text.retention
    else { return }
    let configuration = model.configuration
    let there = caches.reduce(0) { $0 + $1.bytes }
    let text = rows - ranges.reduce(0) { $0 + $1.count }
    let chosen = retention(layer, share) { share in
      var segments = ranges.map(\.count)
      var bytes = there
      for index in layer..<configuration.layers {
        if merging.text.layers.contains(index) {
          segments = segments.map { Retention.share(share).keptInText(of: $0) }
        }
        bytes += LayerCache.bytes(
          capacity: text + segments.reduce(0, +) + room, heads: configuration.keyValueHeads,
          headSize: configuration.headSize, elementType: cacheType)
      }
      return bytes
    }
    guard chosen > 0, chosen < share else { return }
    merging.text.retention = .share(chosen)
  }

  /// Adds the features of DeepStack layer `index` to the visual tokens after text layer `index`.
  private func addDeepStack(_ index: Int) {
    guard index < deepStack.count else { return }
    var row = 0
    for range in ranges {
      for token in range {
        Vector.add(
          deepStack[index].view.row(row), to: hidden.view.row(token), count: hidden.columns)
        row += 1
      }
    }
  }

  /// Plans every segment by its scores and applies the plans; text stays.
  private mutating func merge(_ scores: [Float], layer: Int) throws(Failure) {
    var keptRows: [Int] = []
    var newRanges: [Range<Int>] = []
    var next = 0
    var visualStart = 0
    var newVisualStart = 0
    var done: [MergeRecord] = []
    var newSizes = sizes
    let scores = try self.scores(attention: scores, layer: layer)
    for (index, range) in ranges.enumerated() {
      let segment = hidden[rows: range]
      let own = scores[index]
      let ownSizes = sizes.isEmpty ? [] : Array(sizes[range])
      let plan = try MergePlan.make(
        scores: own, features: segment, keep: merging.text.retention.keptInText(of: range.count),
        mode: merging.text.mode, sizes: ownSizes, scratch: buffers.normalized[rows: range],
        threads: threads)
      moveUp(next..<range.lowerBound, to: keptRows.count)
      keptRows += next..<range.lowerBound
      let start = keptRows.count
      plan.apply(segment, to: hidden.view.row(start))
      for features in deepStack.dropFirst(layer) {
        plan.apply(
          features[rows: visualStart..<visualStart + range.count],
          to: features.view.row(newVisualStart))
      }
      keptRows += plan.kept.map { range.lowerBound + $0 }
      if merging.text.mode.isWeighted {
        for (row, size) in zip(plan.kept, plan.sizes(after: ownSizes)) {
          newSizes[range.lowerBound + row] = size
        }
      }
      let record = MergeRecord(plan, scores: own, arrived: survivors[index])
      survivors[index] = record.kept
      done.append(record)
      newRanges.append(start..<keptRows.count)
      next = range.upperBound
      visualStart += range.count
      newVisualStart += plan.kept.count
    }
    moveUp(next..<rows, to: keptRows.count)
    keptRows += next..<rows
    steps.append(MergeStep(stage: .text, layer: layer, segments: done))
    rotary.keep(keptRows)
    if !sizes.isEmpty { weigh(keptRows.map { newSizes[$0] }) }
    ranges = newRanges
    rows = keptRows.count
  }

  /// Sets how many tokens each row stands for.
  private mutating func weigh(_ sizes: [Float]) {
    self.sizes = sizes
    keyBias = sizes.map { logf($0) }
  }

  /// The rows behind the last visual token: at least the last one, which is never visual.
  private var questionRows: Int { max(1, rows - (ranges.last?.upperBound ?? 0)) }

  /// Every segment's scores, `[rows of the segment]`, by the choice that was asked for.
  private func scores(attention: [Float], layer: Int) throws(Failure) -> [[Float]] {
    switch merging.textChoice {
    case .attention, .question: return ranges.map { Array(attention[$0]) }
    case .random:
      return ranges.enumerated().map { segment, range in
        RandomScores.make(
          count: range.count,
          seed: RandomScores.seed(
            job: merging.seed, stage: .text, layer: layer, segment: segment))
      }
    case .distinct:
      var scores: [[Float]] = []
      for range in ranges {
        // Between two layers the normalized rows are free.
        scores.append(
          try DistinctSelection().scores(
            of: hidden[rows: range], scratch: buffers.normalized[rows: range], threads: threads))
      }
      return scores
    }
  }

  /// Moves rows that stay towards the start, over those that left.
  private func moveUp(_ range: Range<Int>, to start: Int) {
    guard start != range.lowerBound, !range.isEmpty else { return }
    for (offset, row) in range.enumerated() {
      hidden.view.row(start + offset).update(from: hidden.view.row(row), count: hidden.columns)
    }
  }
}
