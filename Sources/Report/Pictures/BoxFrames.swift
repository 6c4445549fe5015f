import Diagnostics
import Engine
import Media
import Models

/// The boxes of a video on the frames that they are in.
struct BoxFrames {
  private let source: Source
  private let visual: Visual
  /// The boxes of each frame that has some, in order of time.
  private let frames: [(frame: Int, boxes: [NumberedBox])]
  /// How many frames with boxes are not drawn.
  private let leftOut: Int
  /// Whether some boxes do not say in which frame they are; they are drawn on the first.
  let hasUntimed: Bool

  init(_ source: Source, _ visual: Visual, _ boxes: [NumberedBox]) {
    self.source = source
    self.visual = visual
    let byFrame = Dictionary(grouping: boxes) { box in
      box.box.frame.flatMap { source.frames.firstIndex(of: $0) } ?? 0
    }
    let all = byFrame.sorted { $0.key < $1.key }.map { (frame: $0.key, boxes: $0.value) }
      .filter { visual.images.indices.contains($0.frame) }
    frames = Array(all.prefix(VideoPictures.framesPerSheet))
    leftOut = all.count - frames.count
    hasUntimed = boxes.contains { $0.box.frame == nil }
  }

  /// A note on frames that are not drawn.
  func note(_ title: String) -> String? {
    leftOut == 0
      ? nil : "\(title): boxes were drawn on the first \(frames.count) frames that have some"
  }

  /// A sheet of the frames with their times.
  func draw(title: String) throws(Failure) -> Canvas {
    let longest = frames.count == 1 ? 768 : frames.count <= 4 ? 480 : VideoPictures.side
    let longer = max(1, source.size.width, source.size.height)
    let width = max(1, source.size.width * longest / longer)
    let height = max(1, source.size.height * longest / longer)
    var panels: [Sheet.Panel] = []
    for (frame, boxes) in frames {
      let image = try visual.images[frame].resized(width: width, height: height)
      var painter = BoxPainter(image, own: source.size)
      let time =
        source.frames.indices.contains(frame) ? SourceView.time(source.frames[frame].seconds) : ""
      panels.append(Sheet.Panel(pictures: [painter.draw(boxes)], labels: [time]))
    }
    let columns = min(frames.count, max(1, 1100 / (width + Sheet.gap)))
    return Sheet(title: title, panels: panels, columns: columns, legend: []).draw()
  }
}
