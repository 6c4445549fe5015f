/// How the visual tokens of a run's views become tokens of the prompt, where they do not simply follow one
/// another: views that form a canvas without its padding, resampled grids, and newlines.
///
/// Newlines are structure: they have learned embeddings of their own and are never merged.
public struct RunPacking: Sendable, Equatable {
  /// A part of a run.
  public enum Piece: Sendable, Equatable {
    /// The tokens of a grid, row by row.
    case canvas(TokenCanvas)
    /// A newline.
    case newline
  }

  /// The parts, in the order of the prompt. Every view of the run is on one canvas.
  public var pieces: [Piece]

  /// A packing from its parts.
  public init(_ pieces: [Piece]) { self.pieces = pieces }

  /// The tokens of the unmerged run, newlines included.
  public var tokens: Int {
    pieces.reduce(0) {
      guard case .canvas(let canvas) = $1 else { return $0 + 1 }
      return $0 + canvas.tokens
    }
  }

  /// Whether newlines lie between the visual tokens of a canvas.
  var hasRows: Bool {
    pieces.contains {
      guard case .canvas(let canvas) = $0 else { return false }
      return canvas.endsRows
    }
  }

  /// The canvas that a view is on, and the place of its first token in the unmerged run.
  public func canvas(of view: Int) -> (canvas: TokenCanvas, place: Int)? {
    var place = 0
    for piece in pieces {
      guard case .canvas(let canvas) = piece else {
        place += 1
        continue
      }
      if canvas.views.contains(view) { return (canvas, place) }
      place += canvas.tokens
    }
    return nil
  }

  /// The tokens that the language model reads of a run, and how many of them are newlines.
  ///
  /// - Parameters:
  ///   - left: the groups that are left of each view.
  ///   - padding: how many of those are padding.
  public func counts(left: [Int], padding: [Int]) -> (tokens: Int, fixed: Int) {
    var counts = (tokens: 0, fixed: 0)
    for piece in pieces {
      guard case .canvas(let canvas) = piece else {
        counts.tokens += 1
        counts.fixed += 1
        continue
      }
      let cells = canvas.views.reduce(0) { $0 + left[$1] - padding[$1] }
      counts.tokens += canvas.tokens(left: cells) + canvas.newlines
      counts.fixed += canvas.newlines
    }
    return counts
  }
}
