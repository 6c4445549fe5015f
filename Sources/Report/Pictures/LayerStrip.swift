import Merging
import Models

/// All merging layers of one part from left to right: above, what each layer left; below, its scores.
struct LayerStrip {
  private let view: SourceView
  private let part: Int

  init(_ view: SourceView, part: Int) {
    self.view = view
    self.part = part
  }

  /// Draws the strip.
  func draw(_ painter: GroupPainter) -> Canvas {
    let groups = view.patches.groups
    var panels = [
      Sheet.Panel(
        pictures: [Canvas(painter.image)],
        labels: ["before", "\(view.tokens) \(view.unit)"] + here(groups))
    ]
    for (number, step) in view.steps.enumerated() {
      let fates = view.fates(part: part, only: number)
      panels.append(
        Sheet.Panel(
          pictures: [
            painter.fates(fates),
            painter.scores(view.ranks(part: part, step: number)),
          ],
          labels: [SourceView.name(step), "\(view.tokens(after: step)) left"] + here(fates.left)))
    }
    return Sheet(
      title: title, panels: panels, columns: panels.count,
      legend: [
        LegendItem(sample: .kept, text: "left"),
        LegendItem(sample: .recycled, text: "took up others here"),
        LegendItem(sample: .givenUp, text: "given up"),
      ] + MergePictures.scoreLegend
    ).draw()
  }

  private var title: String {
    guard view.isVideo, let frame = view.parts[part].images.first,
      view.visual.timestamps.indices.contains(frame)
    else { return "\(view.title), every merging layer" }
    return
      "\(view.title), every merging layer, at \(SourceView.time(view.visual.timestamps[frame]))"
  }

  /// For a video, a label with the tokens of the frames that are shown.
  private func here(_ count: Int) -> [String] { view.isVideo ? ["\(count) here"] : [] }
}
