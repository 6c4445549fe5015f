import Compute
import Diagnostics

/// Packs the visual tokens of a run's segments as `RunPacking` says (HF
/// `LlavaOnevisionModel.pack_image_features`, `apply_pooling`).
package struct TokenPacker: Sendable {
  /// `[hidden]`: the embedding of a newline.
  private let newline: [Float]

  /// A packer with the embedding of a newline, `[hidden]`.
  package init(newline: [Float]) { self.newline = newline }

  /// A token of a canvas: the tokens it is made of, by row of a matrix, and their weights.
  private struct Source {
    let cell: Int
    let parts: [(tokens: Matrix, row: Int, size: Float, weight: Float)]
  }

  /// The tokens of a run after the image encoder's merging.
  ///
  /// - Throws: `compute.no-memory`.
  package func pack(
    _ segments: ArraySlice<EncodedSegment>, _ packing: RunPacking
  ) throws(Failure) -> PackedRun {
    let segments = Array(segments)
    // The source of each token, `nil` for a newline, and its place in the unmerged run.
    var sources: [(source: Source?, place: Int)] = []
    var start = 0
    for piece in packing.pieces {
      guard case .canvas(let canvas) = piece else {
        sources.append((nil, start))
        start += 1
        continue
      }
      var row = 0
      func endRows(before last: Int) {
        guard canvas.endsRows else { return }
        while row < last {
          row += 1
          sources.append((nil, start + row * (canvas.columns + 1) - 1))
        }
      }
      for source in Self.sources(segments, canvas) {
        endRows(before: source.cell / max(1, canvas.columns))
        sources.append((source, start + canvas.place(of: source.cell)))
      }
      endRows(before: canvas.rows)
      start += canvas.tokens
    }
    return try gather(sources, isSized: segments.contains { !$0.sizes.isEmpty })
  }

  /// The tokens of a canvas, by cell.
  private static func sources(_ segments: [EncodedSegment], _ canvas: TokenCanvas) -> [Source] {
    var left: [Source] = []
    for view in canvas.views where segments.indices.contains(view) {
      let segment = segments[view]
      for (index, group) in segment.survivors.enumerated() {
        guard let cell = canvas.cell(of: group, view: view) else { continue }
        let size = segment.sizes.isEmpty ? 1 : segment.sizes[index]
        left.append(
          Source(
            cell: cell,
            parts: [(segment.tokens, segment.rows.lowerBound + index, size, 1)]))
      }
    }
    left.sort { $0.cell < $1.cell }
    guard let target = canvas.target else { return left }
    return resampled(left, canvas, down: target.groupsDown, across: target.groupsAcross)
  }

  /// The best covered cells of a resampled canvas: each is the weighted mean of the survivors under it.
  private static func resampled(
    _ left: [Source], _ canvas: TokenCanvas, down: Int, across: Int
  ) -> [Source] {
    let width = canvas.content.columns.count
    var places = [Int?](repeating: nil, count: canvas.content.count)
    for (index, source) in left.enumerated() { places[source.cell] = index }
    let rows = BilinearAxis(from: canvas.content.rows.count, to: down)
    let columns = BilinearAxis(from: width, to: across)
    var cells: [(source: Source, cover: Int)] = []
    for y in 0..<down {
      for x in 0..<across {
        var parts: [(tokens: Matrix, row: Int, size: Float, weight: Float)] = []
        var sum = Float(0)
        for (row, weightOfRow) in rows.taps[y] {
          for (column, weightOfColumn) in columns.taps[x] {
            let weight = weightOfRow * weightOfColumn
            guard weight > 0, let index = places[row * width + column] else { continue }
            let part = left[index].parts[0]
            parts.append((part.tokens, part.row, part.size, weight))
            sum += weight
          }
        }
        // Coverages that differ by rounding only are equal.
        let cover = Int((sum * 4096).rounded(.toNearestOrEven))
        guard cover > 0 else { continue }
        cells.append(
          (
            Source(
              cell: y * across + x,
              parts: parts.map { ($0.tokens, $0.row, $0.size, $0.weight / sum) }), cover
          ))
      }
    }
    let order = cells.indices.sorted { (cells[$1].cover, $0) < (cells[$0].cover, $1) }
    return order.prefix(canvas.tokens(left: left.count)).sorted().map { cells[$0].source }
  }

  private func gather(
    _ sources: [(source: Source?, place: Int)], isSized: Bool
  ) throws(Failure) -> PackedRun {
    let tokens = try Matrix(rows: sources.count, columns: newline.count)
    var sizes: [Float] = []
    for (index, entry) in sources.enumerated() {
      let row = tokens.view.row(index)
      guard let source = entry.source else {
        row.update(from: newline, count: newline.count)
        if isSized { sizes.append(1) }
        continue
      }
      for part in source.parts {
        Vector.add(
          part.tokens.view.row(part.row), times: part.weight, to: row, count: tokens.columns)
      }
      if isSized { sizes.append(source.parts.reduce(0) { $0 + $1.size * $1.weight }) }
    }
    return PackedRun(
      tokens: tokens, places: sources.map(\.place), isFixed: sources.map { $0.source == nil },
      sizes: sizes)
  }
}
