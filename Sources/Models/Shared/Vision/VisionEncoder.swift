import Compute
import Diagnostics
import Merging

/// An image encoder: its weights, and how it encodes segments.
package struct VisionEncoder: Sendable {
  let shape: VisionShape
  let extractor: PatchExtractor
  let patchEmbedding: Linear
  /// Learned positions, added to the patches; `nil` for none.
  let positions: LearnedPositions?
  /// The row before the patches of each segment; `nil` for none.
  let classToken: ClassToken?
  /// Rotary positions in attention; `nil` for none.
  let rotary: VisionRotary?
  let blocks: [VisionBlock]
  /// Makes the visual tokens.
  let merger: PatchMerger
  /// The mergers that make the features of `shape.featureLayers`.
  let featureMergers: [PatchMerger]
  let roundsAttention: Bool
  /// The type of the keys and values that are kept of films.
  let keptType: ElementType

  /// The number of patches in a batch. Segments do not attend to each other, so a video needs the memory
  /// of one batch however long it is. Smaller batches would make products too small to be fast.
  static let batchPatches = 1024

  /// An encoder from its parts.
  ///
  /// - Parameters:
  ///   - classToken: there is one if the shape says so.
  ///   - featureMergers: one for each of the shape's feature layers.
  package init(
    _ shape: VisionShape, extractor: PatchExtractor, patchEmbedding: Linear,
    positions: LearnedPositions?, classToken: ClassToken? = nil, rotary: VisionRotary?,
    blocks: [VisionBlock], merger: PatchMerger, featureMergers: [PatchMerger] = [],
    options: ModelOptions
  ) {
    self.shape = shape
    self.extractor = extractor
    self.patchEmbedding = patchEmbedding
    self.positions = positions
    self.classToken = classToken
    self.rotary = rotary
    self.blocks = blocks
    self.merger = merger
    self.featureMergers = featureMergers
    roundsAttention = options.roundsAttention
    keptType = options.cacheType
  }

  /// One product of each shape.
  package var products: [Linear] {
    [patchEmbedding] + blocks.prefix(1).flatMap(\.products)
      + (featureMergers + [merger]).flatMap(\.products)
  }

  /// The batches: ranges of segments that are encoded together, of one film at most.
  ///
  /// - Parameters:
  ///   - patches: the patches that are computed of each segment.
  ///   - films: the films that are reused.
  static func batches(_ patches: [Int], films: [Range<Int>]) -> [Range<Int>] {
    let breaks = Set(films.flatMap { [$0.lowerBound, $0.upperBound] })
    var batches: [Range<Int>] = []
    var first = 0
    while first < patches.count {
      var sum = patches[first]
      var end = first + 1
      while end < patches.count, sum + patches[end] <= batchPatches, !breaks.contains(end) {
        sum += patches[end]
        end += 1
      }
      batches.append(first..<end)
      first = end
    }
    return batches
  }

  /// Encodes a question's segments, merging as `merging` says.
  ///
  /// - Returns: one result per segment, and a record of every merging layer.
  /// - Throws: `outOfMemory`, or what the observer's check throws.
  package func encode(
    _ question: Question, merging: ResolvedMerging, threads: ThreadTeam, observer: ComputeObserver
  ) throws(Failure) -> (segments: [EncodedSegment], steps: [MergeStep]) {
    let plan = FilmPlan(question, shape, merging.films)
    var segments = try VisionSegment.all(of: question, shape, plan)
    var encoded: [EncodedSegment] = []
    var memory: FilmMemory?
    var records = merging.vision.layers.map { _ in [MergeRecord]() }
    for batch in Self.batches(segments.map(\.patches.count), films: plan.films) {
      let film = plan.film(of: batch.lowerBound)
      if let film, film.lowerBound == batch.lowerBound {
        memory = try FilmMemory(
          shape, merging, groups: segments[film.lowerBound].grid.groups,
          computed: segments[film].map(\.groups.count), elementType: keptType)
      }
      for segment in batch where film != nil { segments[segment].film = memory }
      var pass = try VisionPass(
        self, Array(segments[batch]), firstSegment: batch.lowerBound, merging: merging,
        threads: threads)
      encoded += try pass.run(observer: observer) { share in
        observer.progress?(
          .vision,
          (Double(batch.lowerBound) + share * Double(batch.count)) / Double(segments.count))
      }
      for index in records.indices { records[index] += pass.records[index] }
      for segment in batch { segments[segment].film = nil }
      if let film, film.upperBound == batch.upperBound {
        for (segment, sizes) in memory?.sizes ?? [:] { encoded[segment].sizes = sizes }
        memory = nil
      }
    }
    let steps = zip(merging.vision.layers, records).map { layer, records in
      MergeStep(stage: .vision, layer: layer, segments: records)
    }
    return (encoded, steps)
  }
}
