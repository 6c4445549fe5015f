import Engine
import Media
import Merging
import Models

/// One source of an answer as the report draws it: all frames of a video, or an image in one of the
/// sizes that the model looked at.
struct SourceView {
  /// A part that is drawn as one grid: an image with all its tiles, or the frames that share their
  /// patches.
  struct Part {
    /// The images of the part, by index in the visual.
    let images: Range<Int>
    /// The segments of the part.
    let pieces: [Piece]
  }

  /// One segment of a part.
  struct Piece {
    /// The segment's number in the answer.
    let segment: Int
    /// The run of the segment.
    let run: Int
    /// The places of the segment's groups in the run.
    let places: Range<Int>
    /// The segment's left edge, in groups from the part's left edge.
    let column: Int
    /// The segment's upper edge, in groups from the part's upper edge.
    let row: Int
    let grid: PatchGrid
    /// The tokens of the run that show the segment's groups, where they are packed.
    let packed: PackedPiece?
  }

  /// The index of the source.
  let index: Int
  let source: Source
  /// What the model saw.
  let visual: Visual
  let parts: [Part]
  /// The patches of each part; the same for all parts.
  let patches: PatchGrid
  /// All merging layers, in order.
  let steps: [MergeStep]
  /// For each segment of the answer the groups that were computed, `nil` for all.
  let computed: [[Int]?]
  /// The number of this view among several of the source, from 1; `nil` where it is the only one.
  let number: Int?

  /// The views of a source: one of a video; for an image, one per size in which it was looked at, the
  /// largest first.
  static func all(_ answer: Answer, index: Int) -> [SourceView] {
    guard answer.visuals.indices.contains(index), answer.sources.indices.contains(index) else {
      return []
    }
    let pieces = pieces(answer, index: index)
    guard answer.visuals[index].kind == .image else {
      let parts = pieces.map { Part(images: $0.images, pieces: [$0.piece]) }
      return [SourceView(answer, index: index, parts: parts, number: nil)].compactMap(\.self)
    }
    let byImage = Dictionary(grouping: pieces) { $0.images.lowerBound }
      .map { Part(images: $0..<$0 + 1, pieces: $1.map(\.piece)) }
      .sorted { a, b in
        let (one, other) = (a.grid.groups, b.grid.groups)
        return one > other || (one == other && a.images.lowerBound < b.images.lowerBound)
      }
    return byImage.enumerated().compactMap { number, part in
      SourceView(
        answer, index: index, parts: [part], number: byImage.count > 1 ? number + 1 : nil)
    }
  }

  private static func pieces(
    _ answer: Answer, index: Int
  ) -> [(images: Range<Int>, piece: Piece)] {
    var pieces: [(images: Range<Int>, piece: Piece)] = []
    for (run, range) in answer.runs.map(\.segments).enumerated() {
      var place = 0
      for number in range where answer.segments.indices.contains(number) {
        let segment = answer.segments[number]
        let groups = segment.grid.groups
        defer { place += groups }
        guard segment.source == index else { continue }
        let side = max(1, answer.tokenSide)
        let packed = PackedPiece(answer, run: run, segment: number)
        pieces.append(
          (
            segment.view.images,
            Piece(
              segment: number, run: run, places: packed?.tokens ?? place..<place + groups,
              column: packed?.column ?? segment.view.x / side,
              row: packed?.row ?? segment.view.y / side, grid: segment.grid, packed: packed)
          ))
      }
    }
    return pieces
  }

  private init?(_ answer: Answer, index: Int, parts: [Part], number: Int?) {
    guard let first = parts.first else { return nil }
    self.index = index
    source = answer.sources[index]
    visual = answer.visuals[index]
    self.parts = parts
    patches = first.grid
    self.number = number
    computed = answer.computed
    // A model reports no step for a question without visual tokens.
    steps = answer.steps.filter { step in
      parts.flatMap(\.pieces).allSatisfy {
        step.segments.indices.contains(step.stage == .vision ? $0.segment : $0.run)
      }
    }
  }

  var isVideo: Bool { visual.kind == .video }
  /// The view's title: `Picture 1`, counted from 1.
  var title: String {
    Self.title(of: source, index: index) + (number.map { ", view \($0)" } ?? "")
  }
  /// The title of a source: `Video 1`, `Picture 2`, `Picture 3, page 2`.
  static func title(of source: Source, index: Int) -> String {
    "\(source.kind == .video ? "Video" : "Picture") \(index + 1)"
      + (source.page.map { ", page \($0)" } ?? "")
  }
  /// The beginning of the view's file names: `merge-01`.
  var stem: String {
    "merge-\(Self.twoDigits(index + 1))" + (number.map { $0 > 1 ? "-view\($0)" : "" } ?? "")
  }
  /// Visual tokens before merging; the patches that show something where tokens are made of them later.
  var tokens: Int {
    parts.reduce(0) {
      $0 + $1.pieces.reduce(0) { $0 + ($1.packed?.shownGroups ?? $1.grid.groups) }
    }
  }
  /// What `tokens` counts, in words.
  var unit: String {
    parts.contains { $0.pieces.contains { $0.packed != nil } } ? "patches" : "tokens"
  }

  /// Visual tokens of all parts after a merging layer.
  func tokens(after step: MergeStep) -> Int {
    parts.indices.reduce(0) { $0 + record(step, part: $1).kept.count }
  }

  /// The fates of a part's groups after all merging layers.
  func fates(part: Int) -> GroupFates {
    GroupFates(groups: patches.groups, after: steps.map { record($0, part: part) })
  }

  /// The fates of a part's groups at one merging layer.
  func fates(part: Int, only step: Int) -> GroupFates {
    GroupFates(groups: patches.groups, after: [record(steps[step], part: part)])
  }

  /// Whether some groups of a part were not computed for it, because they stood still.
  var standsStill: Bool {
    parts.contains { $0.pieces.contains { computed(of: $0) != nil } }
  }

  /// The groups of a part that were computed for it as those that are left.
  func computedGroups(part: Int) -> GroupFates {
    let across = patches.groupsAcross
    var isComputed = [Bool](repeating: false, count: patches.groups)
    for piece in parts[part].pieces {
      let width = piece.grid.groupsAcross
      for group in computed(of: piece) ?? Array(0..<piece.grid.groups) {
        let place = (piece.row + group / width) * across + piece.column + group % width
        if isComputed.indices.contains(place) { isComputed[place] = true }
      }
    }
    return GroupFates(fates: isComputed.map { $0 ? .kept : .givenUp })
  }

  private func computed(of piece: Piece) -> [Int]? {
    computed.indices.contains(piece.segment) ? computed[piece.segment] : nil
  }

  func ranks(part: Int, step: Int) -> ScoreRanks {
    ScoreRanks(groups: patches.groups, record: record(steps[step], part: part))
  }

  /// The record of one merging layer for a part, in the numbering of the part's grid.
  func record(_ step: MergeStep, part: Int) -> MergeRecord {
    let across = patches.groupsAcross
    return MergeRecord(
      joining: parts[part].pieces.map { piece in
        let width = piece.grid.groupsAcross
        return MergeRecord.Part(
          step.segments[step.stage == .vision ? piece.segment : piece.run],
          groups: step.stage == .vision ? 0..<piece.grid.groups : piece.places
        ) { place in
          let groups =
            step.stage == .vision
            ? piece.packed?.shown(place) ?? [place] : piece.packed?.groups(of: place) ?? [place]
          return groups.map { (piece.row + $0 / width) * across + piece.column + $0 % width }
        }
      })
  }

  /// The part with a frame.
  func part(ofFrame frame: Int) -> Int? { parts.firstIndex { $0.images.contains(frame) } }

  /// The name of a layer, as `ViT 5`.
  static func name(_ step: MergeStep) -> String {
    "\(step.stage == .vision ? "ViT" : "LLM") \(step.layer)"
  }

  /// The name of a layer in file names, as `vit-05`.
  static func slug(_ step: MergeStep) -> String {
    "\(step.stage.rawValue)-\(twoDigits(step.layer))"
  }

  /// `34 %`.
  static func percent(_ part: Int, of whole: Int) -> String {
    whole == 0 ? "0 %" : "\((part * 100 + whole / 2) / whole) %"
  }

  static func twoDigits(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

  /// `1:02:03.5`, without hours and with at least minutes.
  static func time(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds >= 0, seconds < 1e9 else { return "?" }
    let tenths = Int((seconds * 10).rounded())
    let (minutes, rest) = (tenths / 600, tenths % 600)
    let clock = "\(twoDigits(rest / 10)).\(rest % 10)"
    return minutes < 60
      ? "\(minutes):\(clock)" : "\(minutes / 60):\(twoDigits(minutes % 60)):\(clock)"
  }
}

extension SourceView.Part {
  /// The grid that all pieces form together.
  var grid: PatchGrid {
    let side = pieces.first?.grid.mergeSize ?? 1
    let right = pieces.map { $0.column * side + $0.grid.width }.max() ?? 0
    let bottom = pieces.map { $0.row * side + $0.grid.height }.max() ?? 0
    return PatchGrid(height: bottom, width: right, mergeSize: side)
  }
}
