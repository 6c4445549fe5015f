import Compute
import Diagnostics
import Merging
import Options

/// The prefill of a whole prompt in a language model, layer by layer.
struct PrefillPass {
  /// A record of every merging layer so far.
  private(set) var steps: [MergeStep] = []

  private let model: TextModel
  private let options: ReadingOptions
  private let cacheType: ElementType
  private let selection: any Selection
  /// Merging in the language model; its retention may be lowered during prefill.
  private var stage: MergeStage
  private let threads: ThreadTeam

  /// `[rows, hidden]`; the first `rows.count` rows are in use.
  private let hidden: Matrix
  /// The runs of visual tokens and their rows in `hidden`; text is between them.
  private var rows: SegmentedRows
  private var rotary: Rotary
  /// `[visual tokens, hidden]` for each of the first layers, which add them to their visual tokens.
  /// Merging also applies to the features of layers to come.
  private let features: [Matrix]
  private let buffers: TextBuffers

  /// Each run's surviving groups, by their place in the unmerged run.
  var survivors: [[Int]] { rows.survivors }

  init(
    _ model: TextModel, _ encoded: EncodedQuestion, _ options: ReadingOptions, threads: ThreadTeam
  ) throws(Failure) {
    self.model = model
    self.options = options
    self.threads = threads
    cacheType = options.narrowsCache ? .bf16 : model.cacheType
    selection = options.merging.textSelection
    stage = options.merging.text
    let prompt = try PromptRows(
      encoded, embedding: model.embedding, hiddenSize: model.shape.hiddenSize,
      merging: options.merging)
    hidden = prompt.hidden
    rows = prompt.rows
    features = prompt.features
    rotary = model.rotary.angles(of: prompt.tokens, at: encoded.prompt.positions)
    buffers = try TextBuffers(rows: rows.count, model.shape, rowsAtOnce: threads.rowsAtOnce)
  }

  /// Runs the prompt through all layers.
  ///
  /// - Returns: the caches and the logits of the last position.
  mutating func run(
    observer: ComputeObserver
  ) throws(Failure) -> (caches: [LayerCache], logits: [Float]) {
    var caches: [LayerCache] = []
    var scores: [Float] = []
    for (index, layer) in model.layers.enumerated() {
      try observer.check?()
      if merges(at: index) {
        askPolicy(before: index, caches: caches)
        try merge(scores, layer: index)
      }
      let x = hidden[rows: 0..<rows.count]
      try layer.project(x, buffers, rotary: rotary, threads: threads)
      let (keys, values) = (buffers.keys[rows: 0..<x.rows], buffers.values[rows: 0..<x.rows])
      scores = try model.attention.apply(
        queries: buffers.queries[rows: 0..<x.rows], keys: keys, values: values,
        output: buffers.attended[rows: 0..<x.rows], keyBias: rows.keyBias,
        score: merges(at: index + 1)
          ? selection.attentionScore?.attentionScore(questionRows: questionRows) : nil,
        threads: threads)
      let cache = try LayerCache(
        capacity: x.rows + options.room, heads: model.shape.keyValueHeads,
        headSize: model.shape.headSize, elementType: cacheType)
      try cache.append(keys: keys, values: values, keyBias: rows.keyBias)
      caches.append(cache)
      try layer.finish(x, buffers, threads: threads)
      addFeatures(of: index)
      observer.trace?("llm.\(index)", x)
      observer.progress?(.prefill, Double(index + 1) / Double(model.layers.count))
    }
    return (caches, try model.logits(after: hidden[rows: 0..<rows.count], threads: threads))
  }

  private func merges(at layer: Int) -> Bool {
    stage.layers.contains(layer) && !rows.ranges.isEmpty
  }

  /// Plans the merge of every run and applies it; text is not merged.
  private mutating func merge(_ scores: [Float], layer: Int) throws(Failure) {
    var merges: [SegmentMerge] = []
    for (run, range) in rows.ranges.enumerated() {
      let tokens = Candidates(
        features: hidden[rows: range], scores: scores.isEmpty ? [] : Array(scores[range]),
        sizes: rows.sizes(of: run),
        seed: RandomScores.seed(
          job: options.merging.seed, stage: .text, layer: layer, segment: run),
        // The normalized rows are not in use between two layers.
        scratch: buffers.normalized[rows: range])
      merges.append(
        try SegmentMerge(
          tokens, movable: rows.movable(of: run), by: selection, stage: stage, threads: threads))
    }
    let (kept, records) = rows.merge(
      merges, rows: hidden, features: Array(features.dropFirst(layer)),
      isWeighted: stage.mode.isWeighted)
    rotary.keep(kept)
    steps.append(MergeStep(stage: .text, layer: layer, segments: records))
  }

  /// Lets the policy lower what this merging layer and those after it keep.
  private mutating func askPolicy(before layer: Int, caches: [LayerCache]) {
    guard let policy = options.policy, case .share(let share) = stage.retention else { return }
    let there = caches.reduce(0) { $0 + $1.bytes }
    let text = rows.count - rows.groups.reduce(0, +)
    let chosen = policy.share(before: layer, planned: share) { share in
      var lower = stage
      lower.retention = .share(share)
      return lower.counts(
        of: rows.groups, fixed: rows.fixedGroups, through: layer..<model.shape.layers
      ).reduce(there) {
        $0
          + LayerCache.bytes(
            capacity: text + $1.reduce(0, +) + options.room, heads: model.shape.keyValueHeads,
            headSize: model.shape.headSize, elementType: cacheType)
      }
    }
    if chosen > 0, chosen < share { stage.retention = .share(chosen) }
  }

  /// Adds a layer's features to its visual tokens.
  private func addFeatures(of layer: Int) {
    guard layer < features.count else { return }
    for (feature, row) in rows.ranges.joined().enumerated() {
      Vector.add(
        features[layer].view.row(feature), to: hidden.view.row(row), count: hidden.columns)
    }
  }

  /// The number of rows after the last visual token: at least one, because the last row is never visual.
  private var questionRows: Int { max(1, rows.count - (rows.ranges.last?.upperBound ?? 0)) }
}
