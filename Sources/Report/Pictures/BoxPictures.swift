import Diagnostics
import Engine
import Media
import Models

/// The pictures of the boxes and points that an answer names, one for each source that has some.
///
/// They show the file's whole picture, not what the model saw of it.
struct BoxPictures {
  private let answer: Answer
  private let reading: MediaReading
  /// The number of the question among several about the same files, from 1.
  private let question: Int

  /// The most boxes on one picture.
  static let limit = 200
  /// The bounds of the longer side of a picture, in pixels.
  private static let sides = 512...1024

  init(_ answer: Answer, reading: MediaReading, question: Int) {
    self.answer = answer
    self.reading = reading
    self.question = question
  }

  /// Draws the pictures, one at a time.
  ///
  /// - Returns: notes for the reader.
  func draw(_ body: (MergePicture) throws(Failure) -> Void) throws(Failure) -> [String] {
    let boxes = answer.boxes.items.enumerated().map { NumberedBox(number: $0 + 1, box: $1) }
    var notes: [String] = []
    for (index, source) in answer.sources.enumerated() where answer.visuals.indices.contains(index)
    {
      let all = boxes.filter { $0.box.source == index }
      guard !all.isEmpty else { continue }
      let drawn = Array(all.prefix(Self.limit))
      let title = SourceView.title(of: source, index: index)
      if drawn.count < all.count {
        notes.append("\(title): only the first \(drawn.count) of \(all.count) boxes were drawn")
      }
      let canvas: Canvas
      var caption = "\(title): what the answer points to"
      if question > 1 { caption += " (question \(question))" }
      if source.kind == .video {
        let frames = BoxFrames(source, answer.visuals[index], drawn)
        if let note = frames.note(title) { notes.append(note) }
        caption += frames.hasUntimed ? "; what has no time is on the first frame." : "."
        canvas = try frames.draw(title: "\(title): boxes")
      } else {
        caption += "."
        canvas = try image(index, source, drawn, title: "\(title): boxes")
      }
      let stem = "boxes-\(SourceView.twoDigits(index + 1))" + (question > 1 ? "-q\(question)" : "")
      try body(MergePicture("\(stem).png", .boxes, caption, source: index, canvas))
    }
    return notes
  }

  private func image(
    _ index: Int, _ source: Source, _ boxes: [NumberedBox], title: String
  ) throws(Failure) -> Canvas {
    guard let seen = answer.visuals[index].images.first else {
      return Canvas(width: 1, height: 1)
    }
    let size = Self.drawnSize(source.size)
    let image = try OriginalPicture.read(source, reading: reading, size: size, seen: seen)
    var painter = BoxPainter(image, own: source.size)
    return Sheet(
      title: title, panels: [Sheet.Panel(pictures: [painter.draw(boxes)], labels: [])],
      columns: 1, legend: []
    ).draw()
  }

  /// A readable size in a picture's proportions.
  static func drawnSize(_ own: PixelSize) -> PixelSize {
    let longer = max(1, own.width, own.height)
    let side = min(sides.upperBound, max(sides.lowerBound, longer))
    return PixelSize(
      width: max(1, own.width * side / longer), height: max(1, own.height * side / longer))
  }
}
