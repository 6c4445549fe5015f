import Compute
import Merging

extension Qwen3VLModel {
  /// Walks through a question's stages and counts two operations for every multiplication with its
  /// addition, in products and in attention; all else is small beside them.
  public func workLoad(of shape: WorkShape, merging: ResolvedMerging) -> WorkLoad {
    var load = WorkLoad()
    load.visualTokens = shape.visualTokens
    load.promptTokens = shape.textTokens + shape.visualTokens
    load.bytesPerToken = textProductBytes
    let seen = shape.grids.map { visionLoad(of: $0, merging, &load) }
    load.visualTokensAfterVision = seen.reduce(0, +)
    textLoad(of: shape, seen, merging, &load)
    return load
  }

  /// Adds one segment's way through the image encoder.
  ///
  /// - Returns: its visual tokens afterwards.
  private func visionLoad(
    of grid: PatchGrid, _ merging: ResolvedMerging, _ load: inout WorkLoad
  ) -> Int {
    let vision = configuration.vision
    let size = Double(vision.hiddenSize)
    let group = size * Double(vision.groupSize)
    var groups = grid.groups
    var patches: Double { Double(groups * vision.groupSize) }
    /// A patch merger: `[groups, 4 · hidden]` to itself and on to the language model.
    func merger() -> Double {
      2 * Double(groups) * group * (group + Double(vision.outputSize))
    }
    var sum = 2 * patches * Double(vision.patchElements) * size
    for layer in 0..<vision.depth {
      sum += 2 * patches * 4 * size * size + 4 * patches * patches * size
      if merging.vision.layers.contains(layer), !merging.profile.keepsGroupsOfAnyPatch {
        groups = merging.vision.retention.keptInVision(of: groups)
      }
      sum += 4 * patches * size * Double(vision.intermediateSize)
      if vision.deepStackLayers.contains(layer) { sum += merger() }
    }
    load.visionOperations += sum + merger()
    return groups
  }

  private func textLoad(
    of shape: WorkShape, _ seen: [Int], _ merging: ResolvedMerging, _ load: inout WorkLoad
  ) {
    let text = configuration.text
    var segments = seen
    let queries = Double(text.heads * text.headSize)
    let keys = Double(text.keyValueHeads * text.headSize)
    let hidden = Double(text.hiddenSize)
    let elementSize = (shape.narrowsCache ? .bf16 : cacheElementType).size
    let weights =
      2 * hidden * (queries + keys) + 3 * hidden * Double(text.intermediateSize)
    for layer in 0..<text.layers {
      if merging.text.layers.contains(layer) {
        segments = segments.map { merging.text.retention.keptInText(of: $0) }
      }
      let rows = Double(shape.textTokens + segments.reduce(0, +))
      let cached = rows + Double(shape.newTokens) / 2
      load.bytesPerToken += Int(2 * cached * keys) * elementSize
      // Causal attention: half of all pairs, logits and values.
      load.prefillOperations += 2 * rows * weights + 2 * rows * rows * queries
    }
    load.prefillOperations += 2 * hidden * Double(text.vocabularySize)
    load.visualTokensLeft = segments.reduce(0, +)
  }
}
