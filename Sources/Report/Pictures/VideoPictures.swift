import Diagnostics
import Media
import Merging
import Models
import Options

/// The pictures of one video.
struct VideoPictures {
  private let view: SourceView

  /// The most frames on one sheet.
  static let framesPerSheet = 32
  /// The approximate length of the longer side of a frame on a sheet, in pixels.
  static let side = 300
  /// The most sheets; of a longer video, as many frames as fit on these are shown, evenly spread.
  static let maxSheets = 4

  init(_ view: SourceView) { self.view = view }

  /// Draws the pictures, one at a time.
  func draw(
    _ choice: Visualization, _ body: (MergePicture) throws(Failure) -> Void
  ) throws(Failure) {
    let shown = Self.shown(of: view.visual.images.count)
    try sheets(
      shown, name: "final", content: .final, caption: "what was left in the end",
      title: view.steps.last.map { "after \(SourceView.name($0))" } ?? "nothing was merged",
      body
    ) { part in view.fates(part: part) }
    if view.standsStill { try computedSheets(shown, body) }
    guard let firstStep = view.steps.first else { return }
    let middle = view.parts.count / 2
    if let frame = view.parts[middle].images.first {
      try body(
        MergePicture(
          "\(view.stem)-layers.png", .layers,
          "\(view.title): every merging layer, in the middle of the video; above what it left, "
            + "below its scores.", source: view.index,
          LayerStrip(view, part: middle).draw(
            try painter(frame: frame, longest: 208, cells: 3...64))))
    }
    try scoreSheets(shown, step: 0, name: "scores", content: .scores, firstStep, body)
    guard choice == .all else { return }
    for (number, step) in view.steps.enumerated() {
      let name = SourceView.name(step)
      try sheets(
        shown, name: SourceView.slug(step), content: .layer, caption: "after \(name)",
        title: "after \(name)", body
      ) { part in view.fates(part: part, only: number) }
      try scoreSheets(
        shown, step: number, name: SourceView.slug(step) + "-scores", content: .layer, step, body)
    }
  }

  /// A video of all frames at their times, with the groups that were left.
  ///
  /// - Throws: `media.no-encoder`, `media.encode`, `media.out-of-memory`.
  func overlay() throws(Failure) -> [UInt8] {
    var writer: MP4Writer?
    let times = view.visual.timestamps
    for frame in view.visual.images.indices {
      guard let part = view.part(ofFrame: frame), times.indices.contains(frame) else {
        continue
      }
      let fates = view.fates(part: part)
      let painter = try painter(frame: frame, longest: 640, cells: 6...96)
      let image = Sheet(
        title: view.title,
        panels: [
          Sheet.Panel(
            pictures: [painter.fates(fates)],
            labels: [
              "\(SourceView.time(times[frame])), \(fates.left) of \(view.patches.groups) left"
            ])
        ], columns: 1,
        // Without numbers, so that every frame's legend has the same size.
        legend: [
          LegendItem(sample: .kept, text: "left"),
          LegendItem(sample: .recycled, text: "took up others"),
          LegendItem(sample: .givenUp, text: "given up"),
        ]
      ).draw().image
      let video: MP4Writer
      if let writer {
        video = writer
      } else {
        video = try MP4Writer(width: image.width, height: image.height)
        writer = video
      }
      // The last frame is shown as long as the one before it.
      let next = frame + 1 < times.count ? frame : frame - 1
      let duration = times.count > 1 ? times[next + 1] - times[next] : 1
      try video.append(image, seconds: times[frame], duration: duration)
    }
    guard let writer else {
      throw Failure(.fault, code: .mediaEncode, "there is no frame to write a video of")
    }
    return try writer.finish()
  }

  /// The numbers of the frames to show: all, or an evenly spread selection.
  static func shown(of count: Int) -> [Int] {
    let most = framesPerSheet * maxSheets
    guard count > most else { return Array(0..<count) }
    return (0..<most).map { $0 * (count - 1) / (most - 1) }
  }

  private func sheets(
    _ shown: [Int], name: String, content: MergePicture.Content, caption: String, title: String,
    _ body: (MergePicture) throws(Failure) -> Void, fates: (_ part: Int) -> GroupFates
  ) throws(Failure) {
    let all = view.parts.indices.map(fates)
    let left = all.reduce(0) { $0 + $1.left }
    let share = SourceView.percent(left, of: view.tokens)
    let legend = MergePictures.legend(
      left: left, recycled: all.reduce(0) { $0 + $1.recycled }, of: view.tokens)
    try paged(
      shown, name: name, content: content, caption: caption,
      title: "\(title): \(left) of \(view.tokens) \(view.unit) left (\(share))\(sharing)",
      legend: legend, body
    ) { painter, part in
      (painter.fates(all[part]), ", \(all[part].left) left")
    }
  }

  /// Sheets of what was computed for each pair of frames.
  private func computedSheets(
    _ shown: [Int], _ body: (MergePicture) throws(Failure) -> Void
  ) throws(Failure) {
    let all = view.parts.indices.map(view.computedGroups)
    let (count, whole) = (all.reduce(0) { $0 + $1.left }, all.reduce(0) { $0 + $1.fates.count })
    try paged(
      shown, name: "computed", content: .computed, caption: "what was computed for each frame",
      title: "\(count) of \(whole) groups computed (\(SourceView.percent(count, of: whole)))",
      legend: [
        LegendItem(sample: .kept, text: "computed"),
        LegendItem(sample: .givenUp, text: "stood still"),
      ], body
    ) { painter, part in
      (painter.fates(all[part]), ", \(all[part].left) computed")
    }
  }

  /// A note that the numbers under frames do not add up, because frames of one patch share its tokens.
  private var sharing: String {
    let most = view.parts.map(\.images.count).max() ?? 1
    return most > 1 ? "; every \(most) frames share theirs" : ""
  }

  private func scoreSheets(
    _ shown: [Int], step: Int, name: String, content: MergePicture.Content, _ layer: MergeStep,
    _ body: (MergePicture) throws(Failure) -> Void
  ) throws(Failure) {
    let label = "scores at \(SourceView.name(layer))"
    try paged(
      shown, name: name, content: content, caption: label, title: label,
      legend: MergePictures.scoreLegend, body
    ) { painter, part in
      (painter.scores(view.ranks(part: part, step: step)), "")
    }
  }

  /// Draws contact sheets of frames with their times.
  private func paged(
    _ shown: [Int], name: String, content: MergePicture.Content, caption: String, title: String,
    legend: [LegendItem], _ body: (MergePicture) throws(Failure) -> Void,
    paint: (GroupPainter, _ part: Int) -> (Canvas, label: String)
  ) throws(Failure) {
    let pages = stride(from: 0, to: shown.count, by: Self.framesPerSheet).map { first in
      shown[first..<min(first + Self.framesPerSheet, shown.count)]
    }
    for (page, frames) in pages.enumerated() {
      var panels: [Sheet.Panel] = []
      for frame in frames {
        guard let part = view.part(ofFrame: frame) else { continue }
        let painter = try painter(frame: frame, longest: Self.side, cells: 4...64)
        let (canvas, label) = paint(painter, part)
        let time =
          view.visual.timestamps.indices.contains(frame)
          ? SourceView.time(view.visual.timestamps[frame]) : ""
        panels.append(
          Sheet.Panel(
            pictures: [canvas], labels: [time + label]))
      }
      let number = pages.count > 1 ? "-\(page + 1)" : ""
      let part = pages.count > 1 ? ", sheet \(page + 1) of \(pages.count)" : ""
      let skipped =
        shown.count < view.visual.images.count
        ? ", \(shown.count) of \(view.visual.images.count) frames" : ""
      let sheet = Sheet(
        title: "\(view.title) \(title)\(part)\(skipped)", panels: panels,
        columns: columns(frames.count), legend: legend)
      try body(
        MergePicture(
          "\(view.stem)-\(name)\(number).png", content,
          "\(view.title): \(caption)\(part)\(skipped).", source: view.index, sheet.draw()))
    }
  }

  /// The number of columns that makes a sheet slightly wider than high.
  private func columns(_ count: Int) -> Int {
    let grid = GroupGrid(view.patches, longest: Self.side, cells: 4...64)
    let ratio = Double(grid.height + 40) / Double(grid.width + Sheet.gap)
    return max(1, min(8, Int((1.2 * Double(count) * ratio).squareRoot().rounded(.up))))
  }

  private func painter(
    frame: Int, longest: Int, cells: ClosedRange<Int>
  ) throws(Failure) -> GroupPainter {
    let grid = GroupGrid(view.patches, longest: longest, cells: cells)
    let image = try view.visual.images[frame].resized(width: grid.width, height: grid.height)
    return GroupPainter(image: image, grid: grid)
  }
}
