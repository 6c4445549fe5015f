import Engine
import Merging
import Models

/// A segment whose groups become tokens of the prompt by a packing: padding is left out, and a token may
/// show several groups.
struct PackedPiece {
  /// The segment's left edge, in groups from the canvas's left edge.
  let column: Int
  /// The segment's upper edge, in groups from the canvas's upper edge.
  let row: Int
  /// The places of the canvas's tokens in the run.
  let tokens: Range<Int>
  /// The groups that are not padding.
  let shownGroups: Int

  private let isShown: [Bool]
  /// The groups that the image encoder left, by their place among the canvas's tokens.
  private let groups: [Int: [Int]]

  /// - Returns: `nil` where the tokens of the run are those of its segments.
  init?(_ answer: Answer, run: Int, segment: Int) {
    let whole = answer.runs[run]
    let view = segment - whole.segments.lowerBound
    guard let (canvas, place) = whole.packing?.canvas(of: view) else { return nil }
    let area = canvas.area(of: view)
    (column, row) = (area.columns.lowerBound, area.rows.lowerBound)
    tokens = place..<place + canvas.tokens
    let cells = (0..<canvas.grid.groups).map { canvas.cell(of: $0, view: view) }
    isShown = cells.map { $0 != nil }
    shownGroups = isShown.count { $0 }
    // A resampled token may show groups that are gone, too.
    let last = answer.steps.last { $0.stage == .vision && $0.segments.indices.contains(segment) }
    let left = last?.segments[segment].kept ?? Array(cells.indices)
    var groups: [Int: [Int]] = [:]
    for group in left where cells.indices.contains(group) {
      if let cell = cells[group] { groups[canvas.token(of: cell), default: []].append(group) }
    }
    self.groups = groups
  }

  /// The group itself, or nothing where it is padding.
  func shown(_ group: Int) -> [Int] {
    isShown.indices.contains(group) && isShown[group] ? [group] : []
  }

  /// The groups that a token shows, by its place among the canvas's tokens; none for a newline.
  func groups(of token: Int) -> [Int] { groups[token] ?? [] }
}
