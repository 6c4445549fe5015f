import Compute
import Diagnostics
import Merging

@preconcurrency import Glibc

/// The image encoder (HF `Qwen3VLVisionModel`): its weights, and how segments go through it.
struct VisionModel: Sendable {
  let configuration: VisionConfiguration
  let patchEmbedding: Linear
  let positions: LearnedPositions
  let blocks: [VisionBlock]
  let merger: PatchMerger
  let deepStackMergers: [PatchMerger]
  let extractor: PatchExtractor
  /// `[headSize / 4]`: the rotary frequencies of rows, and again of columns.
  let frequencies: [Float]
  let roundsAttention: Bool

  /// Patches that go through the encoder together. Segments do not see each other, so a video's
  /// memory is that of one batch however long it is; below this, products get too small to be fast.
  static let batchPatches = 1024

  init(
    _ configuration: VisionConfiguration, extractor: PatchExtractor, options: ModelOptions,
    from source: any WeightSource
  ) throws(Failure) {
    self.configuration = configuration
    self.extractor = extractor
    roundsAttention = options.roundsAttention
    let quarter = configuration.headSize / 4
    frequencies = (0..<quarter).map {
      powf(10_000, -Float(2 * $0) / Float(configuration.headSize / 2))
    }
    let hidden = configuration.hiddenSize
    // Stored as a 3-D convolution whose stride is its size: a linear layer over whole patches.
    let kernel = try source.weights(
      "model.visual.patch_embed.proj.weight",
      shape: [
        hidden, 3, configuration.temporalPatchSize, configuration.patchSize,
        configuration.patchSize,
      ])
    patchEmbedding = Linear(
      weight: WeightStorage(
        shape: [hidden, configuration.patchElements], elementType: kernel.elementType,
        base: kernel.base, owner: kernel.owner),
      bias: try source.vector("model.visual.patch_embed.proj.bias", count: hidden))
    positions = LearnedPositions(
      table: try source.weights(
        "model.visual.pos_embed.weight", shape: [configuration.positions, hidden]),
      side: configuration.positionSide, hiddenSize: hidden)
    var blocks: [VisionBlock] = []
    for index in 0..<configuration.depth {
      blocks.append(try VisionBlock(configuration, index: index, from: source))
    }
    self.blocks = blocks
    merger = try PatchMerger(
      "model.visual.merger", configuration, normalizesGroups: false, from: source)
    var deepStackMergers: [PatchMerger] = []
    for index in configuration.deepStackLayers.indices {
      deepStackMergers.append(
        try PatchMerger(
          "model.visual.deepstack_merger_list.\(index)", configuration, normalizesGroups: true,
          from: source))
    }
    self.deepStackMergers = deepStackMergers
  }

  /// Scratch elements per thread that the widest of the products needs.
  func scratchElements(threads: Int) -> Int {
    let products =
      [patchEmbedding] + blocks.prefix(1).flatMap(\.products)
      + (deepStackMergers + [merger]).flatMap(\.products)
    return products.map { $0.scratchElements(threads: threads) }.max() ?? 0
  }

  /// The runs of segments that go through the encoder together.
  static func batches(_ grids: [PatchGrid]) -> [Range<Int>] {
    var batches: [Range<Int>] = []
    var first = 0
    while first < grids.count {
      var patches = 0
      var end = first
      while end < grids.count, end == first || patches + grids[end].patches <= batchPatches {
        patches += grids[end].patches
        end += 1
      }
      batches.append(first..<end)
      first = end
    }
    return batches
  }

  /// Encodes segments, merging as `merging` says.
  ///
  /// - Returns: one result per segment, and what every merging layer did.
  /// - Throws: `outOfMemory`, or what the observer's check throws.
  func encode(
    _ segments: [VisionSegment], merging: ResolvedMerging, threads: ThreadTeam,
    observer: ComputeObserver
  ) throws(Failure) -> (segments: [EncodedSegment], steps: [MergeStep]) {
    var encoded: [EncodedSegment] = []
    var records = merging.vision.layers.map { _ in [MergeRecord]() }
    for batch in Self.batches(segments.map(\.grid)) {
      var pass = try VisionPass(
        self, Array(segments[batch]), firstSegment: batch.lowerBound, merging: merging,
        threads: threads)
      encoded += try pass.run(observer: observer) { share in
        observer.progress?(
          .vision,
          (Double(batch.lowerBound) + share * Double(batch.count)) / Double(segments.count))
      }
      for index in records.indices { records[index] += pass.records[index] }
    }
    let steps = zip(merging.vision.layers, records).map { layer, records in
      MergeStep(stage: .vision, layer: layer, segments: records)
    }
    return (encoded, steps)
  }
}
