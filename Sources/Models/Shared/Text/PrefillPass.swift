import Compute
import Diagnostics
import Merging
import Options

/// The prefill of a whole prompt in a language model, layer by layer.
struct PrefillPass {
  /// A record of every merging layer so far.
  private(set) var steps: [MergeStep] = []

  /// Copies of the states of recurrences after the last visual token, by layer; empty where no other
  /// prompt that begins like this one will be read.
  private(set) var beginning: [DeltaState?] = []

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
  /// `[rows]`: the scores from the last attention, for the merging layers up to the next; empty for none.
  private var scores: [Float] = []
  /// The bytes of what the layers so far remember.
  private var held = 0

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
  /// - Returns: what the layers remember, and the logits of the last position.
  mutating func run(
    observer: ComputeObserver
  ) throws(Failure) -> (memories: [LayerMemory], logits: [Float]) {
    var memories: [LayerMemory] = []
    if options.keepsBeginning { beginning = Array(repeating: nil, count: model.layers.count) }
    for (index, layer) in model.layers.enumerated() {
      try observer.check?()
      if merges(at: index) {
        askPolicy(before: index)
        try merge(layer: index)
      }
      let x = hidden[rows: 0..<rows.count]
      let normalized = layer.normalize(x, buffers, threads: threads)
      switch layer.mixer {
      case .attention(let attention):
        memories.append(.attention(attention, try attend(attention, index, x, normalized)))
      case .recurrence(let net):
        memories.append(.recurrence(net, try recur(net, index, x, normalized, observer)))
      }
      held += bytes(of: index, rows: x.rows)
      try layer.finish(x, buffers, threads: threads)
      addFeatures(of: index)
      observer.trace?("llm.\(index)", x)
      observer.progress?(.prefill, Double(index + 1) / Double(model.layers.count))
    }
    return (memories, try model.logits(after: hidden[rows: 0..<rows.count], threads: threads))
  }

  /// Adds the attention of all rows to each other to `x`, and takes their scores where a layer up to the
  /// next attention merges.
  ///
  /// - Returns: the keys and values.
  private mutating func attend(
    _ attention: TextAttention, _ index: Int, _ x: MatrixView, _ normalized: MatrixView
  ) throws(Failure) -> LayerCache {
    let (run, shape) = (0..<x.rows, model.shape)
    try attention.project(normalized, buffers, rotary: rotary, threads: threads)
    let (keys, values) = (buffers.keys[rows: run], buffers.values[rows: run])
    let isScored = (index + 1...shape.attention(from: index + 1)).contains(where: merges)
    scores = try model.attention.apply(
      queries: buffers.queries[rows: run], keys: keys, values: values,
      output: buffers.attended[rows: run], keyBias: rows.keyBias,
      score: isScored ? selection.attentionScore?.attentionScore(questionRows: questionRows) : nil,
      threads: threads)
    let cache = try LayerCache(
      capacity: x.rows + options.room, heads: shape.keyValueHeads, headSize: shape.headSize,
      elementType: cacheType)
    try cache.append(keys: keys, values: values, keyBias: rows.keyBias)
    try attention.finish(x, buffers, threads: threads)
    return cache
  }

  /// Adds the output of a recurrence over all rows to `x`. A row that stands for several tokens is read
  /// once, with its own decay and rate.
  ///
  /// - Returns: the state after the last row.
  private mutating func recur(
    _ net: DeltaNet, _ index: Int, _ x: MatrixView, _ normalized: MatrixView,
    _ observer: ComputeObserver
  ) throws(Failure) -> DeltaState {
    let state = try DeltaState(net.rule)
    let copy = try net.apply(
      x, normalized, buffers, state: state, copyAfter: options.keepsBeginning ? visualEnd : nil,
      trace: observer.trace.map { trace in { trace("delta.\(index).\($0)", $1) } },
      threads: threads)
    if options.keepsBeginning { beginning[index] = copy }
    observer.trace?("state.conv.\(index)", state.inputs.view)
    observer.trace?(
      "state.recurrent.\(index)", state.memory.view[columns: 0..<net.rule.valueSize])
    return state
  }

  private func merges(at layer: Int) -> Bool {
    stage.layers.contains(layer) && !rows.ranges.isEmpty
  }

  /// Plans the merge of every run and applies it; text is not merged.
  private mutating func merge(layer: Int) throws(Failure) {
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
    // Layers up to the next attention have no other scores.
    if !scores.isEmpty { scores = kept.map { scores[$0] } }
    steps.append(MergeStep(stage: .text, layer: layer, segments: records))
  }

  /// Lets the policy lower what this merging layer and those after it keep.
  private mutating func askPolicy(before layer: Int) {
    guard let policy = options.policy, case .share(let share) = stage.retention else { return }
    let text = rows.count - rows.groups.reduce(0, +)
    let chosen = policy.share(before: layer, planned: share) { share in
      var lower = stage
      lower.retention = .share(share)
      let counts = lower.counts(
        of: rows.groups, fixed: rows.fixedGroups, through: layer..<model.shape.layers)
      return zip(layer..., counts).reduce(held) { sum, entry in
        sum + bytes(of: entry.0, rows: text + entry.1.reduce(0, +))
      }
    }
    if chosen > 0, chosen < share { stage.retention = .share(chosen) }
  }

  /// The bytes that a layer's memory takes after this many rows of the prompt.
  private func bytes(of layer: Int, rows: Int) -> Int {
    let own = LayerMemory.bytes(
      of: layer, model.shape, capacity: rows + options.room, elementType: cacheType)
    return options.keepsBeginning && model.shape.rule(of: layer) != nil ? 2 * own : own
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
  private var questionRows: Int { max(1, rows.count - visualEnd) }

  /// The number of rows up to the last visual token.
  private var visualEnd: Int { rows.ranges.last?.upperBound ?? 0 }
}
