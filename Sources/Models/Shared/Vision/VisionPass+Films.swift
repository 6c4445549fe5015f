import Compute
import Diagnostics
import Merging
import Options

extension VisionPass {
  /// The segments, from the tokens and features that were computed for all of them.
  func encoded(
    _ tokens: Matrix, _ features: [Matrix]
  ) throws(Failure) -> [EncodedSegment] {
    var result: [EncodedSegment] = []
    var next = 0
    for (number, survivors) in rows.survivors.enumerated() {
      var segment = EncodedSegment(
        tokens: tokens, features: features, rows: next..<next + survivors.count,
        survivors: survivors, sizes: rows.sizes(of: number))
      next += survivors.count
      if let film = segments[number].film, let frame = frames[number] {
        film.tokens[firstSegment + number] = segment
        segment = try joined(segment, film, frame, number: firstSegment + number)
      }
      segment.computed = segments[number].patches.groups
      result.append(segment)
    }
    return result
  }

  /// A frame of a film with the tokens that stand still, as was asked for.
  private func joined(
    _ computed: EncodedSegment, _ film: FilmMemory, _ frame: FilmRows.Frame, number: Int
  ) throws(Failure) -> EncodedSegment {
    let isWeighted = merging.vision.mode.isWeighted && !merging.vision.layers.isEmpty
    func weight(_ row: FilmRows.Row) -> Float { isWeighted ? Float(row.members.count) : 1 }
    switch merging.films?.tokens ?? .keep {
    case .drop: return computed
    case .absorb:
      film.sizes[number] = frame.computed.map(weight)
      for row in frame.kept { film.sizes[row.origin.segment]?[row.origin.token] += weight(row) }
      return computed
    case .keep:
      guard !frame.kept.isEmpty else { return computed }
      let all = frame.all
      return EncodedSegment(
        tokens: try gather(all, film, columns: computed.tokens.columns) { ($0.tokens, $0.rows) },
        features: try computed.features.indices.map { index throws(Failure) in
          try gather(all, film, columns: computed.features[index].columns) {
            ($0.features[index], $0.rows)
          }
        },
        rows: 0..<all.count, survivors: all.map(\.group), sizes: isWeighted ? all.map(weight) : [])
    }
  }

  /// A record with the rows that stand still, where the language model reads them.
  func joined(
    _ record: MergeRecord, _ before: FilmRows.Frame?, _ after: FilmRows.Frame?
  ) -> MergeRecord {
    guard merging.films?.tokens == .keep, let before, let after else { return record }
    return record.beside(before.kept.map(\.group), left: after.kept.map(\.group))
  }

  /// The rows of a frame from where they were computed.
  private func gather(
    _ rows: [FilmRows.Row], _ film: FilmMemory, columns: Int,
    from source: (EncodedSegment) -> (Matrix, Range<Int>)
  ) throws(Failure) -> Matrix {
    let result = try Matrix(rows: rows.count, columns: columns)
    for (index, row) in rows.enumerated() {
      guard let origin = film.tokens[row.origin.segment] else { continue }
      let (matrix, range) = source(origin)
      result.view.row(index).update(
        from: matrix.view.row(range.lowerBound + row.origin.token), count: columns)
    }
    return result
  }
}
