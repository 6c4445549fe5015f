import Compute
import Merging
import Options

extension CostModel {
  /// How many groups are computed of each segment.
  func computed(_ work: WorkShape, _ merging: ResolvedMerging) -> [Int] {
    work.grids.indices.map { work.computed(of: $0, merging) }
  }

  /// The most groups of each segment after `stage` merging layers of the image encoder, those that were
  /// kept of frames before included; `nil` for segments of no film.
  func reached(_ work: WorkShape, _ merging: ResolvedMerging, stage: Int) -> [Int?] {
    var result = [Int?](repeating: nil, count: work.grids.count)
    for film in work.films(merging) {
      let most = FilmMemory.most(
        merging, stage: stage, groups: work.grids[film.lowerBound].groups,
        computed: film.map { work.computed(of: $0, merging) })
      for (segment, count) in zip(film, most) { result[segment] = count }
    }
    return result
  }

  /// The tokens of each segment that the language model reads; `nil` where that is what the image encoder
  /// computes.
  func joined(_ work: WorkShape, _ merging: ResolvedMerging) -> [Int?] {
    guard merging.films?.tokens == .keep || work.isPacked else {
      return Array(repeating: nil, count: work.grids.count)
    }
    return reached(work, merging, stage: merging.vision.layers.count)
  }

  /// The most that is remembered of one film.
  func filmBytes(_ work: WorkShape, _ merging: ResolvedMerging) -> Int {
    work.films(merging).map { film in
      FilmMemory.bytes(
        shape.vision, merging, groups: work.grids[film.lowerBound].groups,
        computed: film.map { work.computed(of: $0, merging) }, elementType: weights.cacheType)
    }.max() ?? 0
  }
}
