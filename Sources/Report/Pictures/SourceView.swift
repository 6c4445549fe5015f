import Engine
import Media
import Merging
import Models

/// One source of an answer with the segments it was cut into, ready to be drawn.
struct SourceView {
  /// Its index among the sources.
  let index: Int
  let source: Source
  /// What the model saw.
  let visual: Visual
  /// Its segments' numbers among those of the answer.
  let segments: [Int]
  /// The frames each of them shows.
  let frames: [Range<Int>]
  /// The patches each of them was cut into; the same for all.
  let patches: PatchGrid
  /// All merging layers, in order.
  let steps: [MergeStep]

  init?(_ answer: Answer, index: Int) {
    let numbers = answer.segments.indices.filter { answer.segments[$0].source == index }
    guard answer.visuals.indices.contains(index), answer.sources.indices.contains(index),
      let first = numbers.first
    else { return nil }
    self.index = index
    source = answer.sources[index]
    visual = answer.visuals[index]
    segments = numbers
    frames = numbers.map { answer.segments[$0].frames }
    patches = answer.segments[first].grid
    // Without tokens to merge a model reports no step at all.
    steps = answer.steps.filter { step in
      numbers.allSatisfy { step.segments.indices.contains($0) }
    }
  }

  var isVideo: Bool { visual.kind == .video }
  /// `Picture 1`, counted from 1 as people do.
  var title: String { "\(isVideo ? "Video" : "Picture") \(index + 1)" }
  /// `merge-01`: the beginning of its files' names.
  var stem: String { "merge-\(Self.twoDigits(index + 1))" }
  /// Tokens before any merging.
  var tokens: Int { segments.count * patches.groups }

  /// Tokens of all its segments after a merging layer.
  func tokens(after step: MergeStep) -> Int {
    segments.reduce(0) { $0 + step.segments[$1].kept.count }
  }

  /// What became of a segment's groups in the end.
  func fates(segment: Int) -> GroupFates {
    GroupFates(groups: patches.groups, after: steps.map { $0.segments[segments[segment]] })
  }

  /// What one merging layer did to a segment's groups.
  func fates(segment: Int, only step: Int) -> GroupFates {
    GroupFates(groups: patches.groups, after: [steps[step].segments[segments[segment]]])
  }

  func ranks(segment: Int, step: Int) -> ScoreRanks {
    ScoreRanks(groups: patches.groups, record: steps[step].segments[segments[segment]])
  }

  /// The segment that shows a frame.
  func segment(ofFrame frame: Int) -> Int? { frames.firstIndex { $0.contains(frame) } }

  /// `ViT 5`.
  static func name(_ step: MergeStep) -> String {
    "\(step.stage == .vision ? "ViT" : "LLM") \(step.layer)"
  }

  /// `vit-05`, for file names.
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
