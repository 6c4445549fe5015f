import Compute
import Merging

/// What a question needs in memory and operations, computed from a model's numbers alone, for all
/// families.
public struct CostModel: Sendable {
  /// The model's numbers.
  public let shape: ModelShape
  /// The bytes of its weights, and what its products need.
  public let weights: WeightAccount

  /// The costs of a model.
  public init(_ shape: ModelShape, _ weights: WeightAccount) {
    self.shape = shape
    self.weights = weights
  }

  /// The number of groups at every layer.
  func schedule(_ work: WorkShape, _ merging: ResolvedMerging) -> MergeSchedule {
    MergeSchedule(
      merging, segments: computed(work, merging), fixed: work.padding,
      joined: joined(work, merging), runs: work.runs,
      packed: work.isPacked
        ? { run, left in
          let segments = work.runs[run]
          return work.packings[run].counts(
            left: Array(left), padding: Array(work.padding[segments]))
        } : nil,
      visionDepth: shape.vision.depth, textDepth: shape.text.layers)
  }

  /// The most memory that a question of this size needs, from the same sizes as its buffers.
  public func memory(of work: WorkShape, merging: ResolvedMerging, threads: Int) -> MemoryCost {
    var cost = MemoryCost()
    cost.weights = weights.bytes
    cost.frames = work.frameBytes
    cost.media = work.decodingBytes
    cost.drawing = work.drawingBytes
    let schedule = schedule(work, merging)
    addVision(work, schedule, merging, threads: threads, to: &cost)
    addText(work, schedule, merging, threads: threads, to: &cost)
    return cost
  }

  private func addVision(
    _ work: WorkShape, _ schedule: MergeSchedule, _ merging: ResolvedMerging, threads: Int,
    to cost: inout MemoryCost
  ) {
    let vision = shape.vision
    var scratch = 0
    let patches = computed(work, merging).map { $0 * vision.groupSize }
    for batch in VisionEncoder.batches(patches, films: work.films(merging)) {
      let grids = work.grids[batch]
      cost.vision = max(
        cost.vision,
        VisionPass.bytes(
          segments: grids.count, patches: patches[batch].reduce(0, +), vision,
          rowsAtOnce: work.rowsAtOnce))
      let longest = grids.map(longestPart).max() ?? 0
      scratch = max(scratch, Attention.scratchElements(rows: longest, headSize: vision.headSize))
      // Visual tokens, and the features of earlier layers.
      let taken = vision.featureLayers.map { schedule.vision[$0] } + [schedule.encoded]
      for groups in taken {
        cost.features += Matrix.bytes(
          rows: groups[batch].reduce(0, +), columns: vision.outputSize)
      }
    }
    cost.vision += filmBytes(work, merging)
    // Frames of films, with the tokens that stand still, beside the computed ones.
    for joined in joined(work, merging) {
      cost.features +=
        (1 + vision.featureLayers.count)
        * (joined.map { Matrix.bytes(rows: $0, columns: vision.outputSize) } ?? 0)
    }
    if work.isPacked {
      // The tokens of the runs beside those of the segments they are made of.
      cost.features += schedule.read.reduce(0) {
        $0 + Matrix.bytes(rows: $1, columns: vision.outputSize)
      }
    }
    let panels = work.grids.isEmpty ? 0 : weights.visionScratch(threads: threads)
    cost.scratch = max(scratch, panels) * threads * MemoryLayout<Float>.stride
  }

  /// The most rows of a segment that attend to each other.
  private func longestPart(of grid: PatchGrid) -> Int {
    guard let windows = shape.vision.windows,
      !(0..<shape.vision.depth).contains(where: { !windows.apply(in: $0) })
    else { return grid.patches + shape.vision.extraRows }
    return windows.largest(of: grid) * shape.vision.groupSize
  }

  /// The most tokens of a run that are copied while they are compared, because newlines lie between them.
  private func copied(
    _ work: WorkShape, _ schedule: MergeSchedule, _ merging: ResolvedMerging
  ) -> Int {
    guard work.isPacked, !merging.text.layers.isEmpty else { return 0 }
    return zip(schedule.read, work.packings).map { $1.hasRows ? $0 : 0 }.max() ?? 0
  }

  private func addText(
    _ work: WorkShape, _ schedule: MergeSchedule, _ merging: ResolvedMerging, threads: Int,
    to cost: inout MemoryCost
  ) {
    let text = shape.text
    let visual = schedule.read.reduce(0, +)
    let rows = work.textTokens + visual
    let columns = text.hiddenSize
    cost.prefill =
      Matrix.bytes(rows: rows, columns: columns)
      + TextBuffers.bytes(rows: rows, text, rowsAtOnce: work.rowsAtOnce)
      + Matrix.bytes(rows: text.heads, columns: rows)
      // Features are copied once more, in the prompt's order.
      + shape.vision.featureLayers.count * Matrix.bytes(rows: visual, columns: columns)
      + 3 * rows * text.headSize / 2 * MemoryLayout<Float>.stride
      + Matrix.bytes(rows: copied(work, schedule, merging), columns: columns)
      // Ids and positions of the unmerged prompt.
      + (work.textTokens + work.visualTokens) * 32
    for (layer, tokens) in schedule.text.enumerated() {
      cost.cache += LayerMemory.bytes(
        of: layer, text, capacity: work.textTokens + tokens.reduce(0, +) + work.newTokens,
        elementType: work.narrowsCache ? .bf16 : weights.cacheType)
    }
    // The logits as a matrix, as they are returned, and as they are sampled from.
    cost.generation =
      4 * Matrix.bytes(rows: 1, columns: text.vocabularySize) + TextBuffers.bytes(rows: 1, text)
    let states = (0..<text.layers).compactMap { text.rule(of: $0) }
      .reduce(0) { $0 + DeltaState.bytes($1) }
    if work.goesBack { cost.generation += states }
    if work.keepsBeginning { cost.cache += states }
    let scratch = max(
      Attention.scratchElements(rows: rows, headSize: text.headSize),
      text.recurrence?.rule.scratchElements ?? 0,
      weights.textScratch(threads: threads))
    cost.scratch = max(cost.scratch, scratch * threads * MemoryLayout<Float>.stride)
  }
}
