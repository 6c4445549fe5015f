import Compute
import Merging

extension CostModel {
  /// The operations of a question of this size: two for every multiplication with its addition, in
  /// matrix products and in attention; everything else is small in comparison.
  public func work(of work: WorkShape, merging: ResolvedMerging) -> WorkLoad {
    var load = WorkLoad()
    let schedule = schedule(work, merging)
    load.visualTokens = work.visualTokens
    load.promptTokens = work.textTokens + work.visualTokens
    load.visualTokensAfterVision = schedule.read.reduce(0, +)
    load.visualTokensLeft = schedule.left
    let reached = (0...merging.vision.layers.count).map {
      self.reached(work, merging, stage: $0)
    }
    /// The groups that a layer's rows attend to; `nil` for the rows themselves.
    func attended(_ segment: Int, _ layer: Int) -> Int? {
      reached[merging.vision.layers.count { $0 < layer }][segment]
    }
    load.visionOperations = work.grids.enumerated().reduce(0) {
      $0 + visionOperations(segment: $1.offset, of: $1.element, schedule, attended)
    }
    addText(work, schedule, to: &load)
    return load
  }

  /// Operations of one segment in the image encoder.
  private func visionOperations(
    segment: Int, of grid: PatchGrid, _ schedule: MergeSchedule,
    _ attended: (_ segment: Int, _ layer: Int) -> Int?
  ) -> Double {
    let vision = shape.vision
    let size = Double(vision.hiddenSize)
    let group = size * Double(vision.groupSize)
    let products: Double = vision.hasGate ? 6 : 4
    /// The rows of this many groups, with a class token.
    func rows(_ groups: Int) -> Double {
      Double(groups * vision.groupSize + vision.extraRows)
    }
    /// Operations of a patch merger: from `[groups, group]` to its inner size, then to the language
    /// model's.
    func merger(_ groups: Int, inner: Double) -> Double {
      2 * Double(groups) * inner * (group + Double(vision.outputSize))
    }
    let patches = Double(schedule.segments[segment] * vision.groupSize)
    var sum = 2 * patches * Double(vision.patchElements) * size
    for layer in 0..<vision.depth {
      let arrived = rows(schedule.groups(before: layer)[segment])
      let groups = schedule.vision[layer][segment]
      sum += 2 * arrived * 4 * size * size
      let keys = attended(segment, layer).map(rows) ?? arrived
      sum += 4 * arrived * keys * attendedShare(grid, layer: layer) * size
      sum += products * rows(groups) * size * Double(vision.intermediateSize)
      if vision.featureLayers.contains(layer) { sum += merger(groups, inner: group) }
    }
    return sum + merger(schedule.encoded[segment], inner: Double(vision.mergerSize))
  }

  /// The share of all pairs of a segment's patches that attend to each other in a layer. Merging is taken
  /// to thin out all windows alike.
  private func attendedShare(_ grid: PatchGrid, layer: Int) -> Double {
    guard let windows = shape.vision.windows, windows.apply(in: layer), grid.groups > 0 else {
      return 1
    }
    return windows.pairs(of: grid) / (Double(grid.groups) * Double(grid.groups))
  }

  /// The outputs of a recurrence's first products, and the inputs of its last.
  private func recurrenceColumns(_ rule: DeltaRule) -> Double {
    Double(rule.channels + 2 * rule.valueColumns + 2 * rule.valueHeads)
  }

  /// Multiplications that the delta rule takes for a row, in whole chunks.
  private func recurrence(_ rule: DeltaRule) -> Double {
    let (key, value) = (Double(rule.keySize), Double(rule.valueSize))
    return Double(rule.valueHeads)
      * (3 * key * value + Double(rule.chunk) * (2 * key + 1.5 * value))
  }

  private func addText(_ work: WorkShape, _ schedule: MergeSchedule, to load: inout WorkLoad) {
    let text = shape.text
    let queries = Double(text.querySize)
    let keys = Double(text.keySize)
    let hidden = Double(text.hiddenSize)
    let elementSize = (work.narrowsCache ? .bf16 : weights.cacheType).size
    let inner = 3 * hidden * Double(text.intermediateSize)
    let products = hidden * (Double(text.queryColumns) + queries + 2 * keys) + inner
    load.bytesPerToken = weights.bytesPerToken
    for (layer, tokens) in schedule.text.enumerated() {
      let rows = Double(work.textTokens + tokens.reduce(0, +))
      if let rule = text.rule(of: layer) {
        load.bytesPerToken += DeltaState.bytes(rule)
        load.prefillOperations +=
          2 * rows * (hidden * recurrenceColumns(rule) + inner + recurrence(rule))
        continue
      }
      let cached = rows + Double(work.newTokens) / 2
      load.bytesPerToken += Int(2 * cached * keys) * elementSize
      // Causal attention: half of all pairs, logits and values.
      load.prefillOperations += 2 * rows * products + 2 * rows * rows * queries
    }
    load.prefillOperations += 2 * hidden * Double(text.vocabularySize)
  }
}
