import Compute
import Media
import Merging

extension Qwen3VLModel {
  /// Walks through a question's stages with sizes instead of numbers: the same batches, layers and
  /// buffers, and the row counts that merging leaves.
  public func memoryCost(
    of shape: WorkShape, merging: ResolvedMerging, threads: Int
  ) -> MemoryCost {
    var cost = MemoryCost()
    cost.weights = weightBytes
    cost.frames = shape.frameBytes
    cost.media = shape.decodingBytes
    cost.drawing = shape.drawingBytes
    let seen = visionCost(of: shape, merging, threads: threads, &cost)
    textCost(of: shape, seen, merging, threads: threads, &cost)
    return cost
  }

  /// One grid per picture, or per group of frames that a patch is deep.
  public func grids(
    _ kind: MediaKind, frames: Int, height: Int, width: Int
  ) -> [PatchGrid] {
    let vision = configuration.vision
    let depth = vision.temporalPatchSize
    let grid = PatchGrid(
      height: height / vision.patchSize, width: width / vision.patchSize,
      mergeSize: vision.mergeSize)
    return Array(repeating: grid, count: kind == .image ? 1 : (frames + depth - 1) / depth)
  }

  /// Fills in the image encoder's part.
  ///
  /// - Returns: each segment's visual tokens after the encoder.
  private func visionCost(
    of shape: WorkShape, _ merging: ResolvedMerging, threads: Int, _ cost: inout MemoryCost
  ) -> [Int] {
    let vision = configuration.vision
    var seen: [Int] = []
    var scratch = 0
    for batch in VisionModel.batches(shape.grids) {
      let grids = shape.grids[batch]
      let patches = grids.reduce(0) { $0 + $1.patches }
      cost.vision = max(
        cost.vision,
        VisionPass.bytes(patches: patches, vision, rowsAtOnce: shape.rowsAtOnce))
      let longest = grids.map(\.patches).max() ?? 0
      scratch = max(scratch, Attention.scratchElements(rows: longest, headSize: vision.headSize))
      var groups = grids.map(\.groups)
      for layer in 0..<vision.depth {
        if merging.vision.layers.contains(layer), !merging.profile.keepsGroupsOfAnyPatch {
          groups = groups.map { merging.vision.retention.keptInVision(of: $0) }
        }
        if vision.deepStackLayers.contains(layer) {
          cost.features += Matrix.bytes(
            rows: groups.reduce(0, +), columns: vision.outputSize)
        }
      }
      cost.features += Matrix.bytes(rows: groups.reduce(0, +), columns: vision.outputSize)
      seen += groups
    }
    let panels = shape.grids.isEmpty ? 0 : visionScratchElements(threads: threads)
    cost.scratch = max(scratch, panels) * threads * MemoryLayout<Float>.stride
    return seen
  }

  /// Fills in the language model's part.
  private func textCost(
    of shape: WorkShape, _ seen: [Int], _ merging: ResolvedMerging, threads: Int,
    _ cost: inout MemoryCost
  ) {
    let text = configuration.text
    var segments = seen
    let visual = seen.reduce(0, +)
    let rows = shape.textTokens + visual
    let columns = text.hiddenSize
    cost.prefill =
      Matrix.bytes(rows: rows, columns: columns)
      + TextBuffers.bytes(rows: rows, text, rowsAtOnce: shape.rowsAtOnce)
      + Matrix.bytes(rows: text.heads, columns: rows)
      // Features are gathered once more, in the prompt's order.
      + configuration.vision.deepStackLayers.count * Matrix.bytes(rows: visual, columns: columns)
      + 3 * rows * text.headSize / 2 * MemoryLayout<Float>.stride
      // Ids and positions of the unmerged prompt.
      + (shape.textTokens + shape.visualTokens) * 32
    for layer in 0..<text.layers {
      if merging.text.layers.contains(layer) {
        segments = segments.map { merging.text.retention.keptInText(of: $0) }
      }
      cost.cache += LayerCache.bytes(
        capacity: shape.textTokens + segments.reduce(0, +) + shape.newTokens,
        heads: text.keyValueHeads, headSize: text.headSize,
        elementType: shape.narrowsCache ? .bf16 : cacheElementType)
    }
    // The logits as a matrix and as they are handed on and sampled from.
    cost.generation =
      4 * Matrix.bytes(rows: 1, columns: text.vocabularySize) + TextBuffers.bytes(rows: 1, text)
    let scratch = max(
      Attention.scratchElements(rows: rows, headSize: text.headSize),
      textScratchElements(threads: threads))
    cost.scratch = max(cost.scratch, scratch * threads * MemoryLayout<Float>.stride)
  }
}
