import Engine
import Grounding
import Media

/// Draws boxes and points on a picture: outlines in different colors, each with a tag.
struct BoxPainter {
  private var canvas: Canvas
  /// The size of the picture in its own pixels, in which the boxes are.
  private let own: PixelSize
  /// Pixels of a line.
  private let line: Int
  /// The tags so far.
  private var tags: [PixelRect] = []

  /// The most boxes that have labels; with more, the tags would hide the picture.
  private static let labeled = 40
  private static let scale = 2
  private static let padding = 3

  /// A painter on a picture of any size.
  init(_ image: RGBImage, own: PixelSize) {
    canvas = Canvas(image)
    self.own = own
    line = max(image.width, image.height) >= 768 ? 3 : 2
  }

  /// The picture with boxes; small ones lie on large ones, and all tags on top.
  mutating func draw(_ boxes: [NumberedBox]) -> Canvas {
    let places = boxes.compactMap { box in place(box.box).map { (box: box, place: $0) } }
      .sorted { $0.place.width * $0.place.height > $1.place.width * $1.place.height }
    for (box, place) in places {
      let color = BoxColors.color(box.number)
      if box.box.kind == .box { outline(place, color) } else { mark(place, color) }
    }
    for (box, place) in places.sorted(by: { $0.box.number < $1.box.number }) {
      tag(box.tag(hasLabel: places.count <= Self.labeled), at: place, BoxColors.color(box.number))
    }
    return canvas
  }

  /// The place of a box on the canvas; of a point, one pixel.
  private func place(_ box: AnswerBox) -> PixelRect? {
    guard let pixels = box.pixels, own.width > 0, own.height > 0 else { return nil }
    func x(_ value: Int) -> Int { value * canvas.width / own.width }
    func y(_ value: Int) -> Int { value * canvas.height / own.height }
    guard box.kind == .box, pixels.count == 4 else {
      guard pixels.count == 2 else { return nil }
      return PixelRect(
        x: (2 * pixels[0] + 1) * canvas.width / (2 * own.width),
        y: (2 * pixels[1] + 1) * canvas.height / (2 * own.height), width: 1, height: 1)
    }
    let (left, top) = (x(pixels[0]), y(pixels[1]))
    return PixelRect(
      x: left, y: top, width: max(1, x(pixels[2]) - left), height: max(1, y(pixels[3]) - top))
  }

  /// A line along the inner edge, between two dark ones; around a box that it would fill.
  private mutating func outline(_ place: PixelRect, _ color: Color) {
    var outer = place
    if min(place.width, place.height) < 4 * (line + 2) { outer = place.inset(-(line + 2)) }
    canvas.frame(outer, thickness: line + 2, .outline)
    canvas.frame(outer.inset(1), thickness: line, color)
  }

  /// A dot in a dark ring.
  private mutating func mark(_ place: PixelRect, _ color: Color) {
    let radius = 2 * line + 3
    let square = place.inset(-radius)
    canvas.change(square) { x, y, old in
      let away = (x - place.x) * (x - place.x) + (y - place.y) * (y - place.y)
      if away <= 2 { return .outline }
      if away <= (radius - 2) * (radius - 2) { return color }
      return away <= radius * radius ? .outline : old
    }
  }

  /// Writes a tag beside a place, where no other tag is.
  private mutating func tag(_ text: String, at place: PixelRect, _ color: Color) {
    let width = BitmapFont.width(text, scale: Self.scale) + 2 * Self.padding
    let height = BitmapFont.height * Self.scale + 2 * Self.padding + 2
    let near = place.width == 1 ? place.inset(-2 * line - 3) : place
    let (right, bottom) = (near.x + near.width, near.y + near.height)
    let corners = [
      (near.x, near.y - height), (near.x + line + 2, near.y + line + 2), (near.x, bottom),
      (right - width, near.y - height), (right, near.y), (right - width, bottom),
      (near.x - width, near.y), (right, bottom - height),
    ]
    let rects = corners.map { x, y in
      PixelRect(
        x: max(0, min(canvas.width - width, x)), y: max(0, min(canvas.height - height, y)),
        width: width, height: height)
    }
    guard let rect = rects.first(where: isFree) ?? rects.first else { return }
    tags.append(rect)
    canvas.fill(rect, .outline)
    canvas.fill(rect.inset(1), color)
    canvas.text(
      text, x: rect.x + Self.padding, y: rect.y + Self.padding, scale: Self.scale,
      color: BoxColors.letters(on: color))
  }

  private func isFree(_ rect: PixelRect) -> Bool {
    tags.allSatisfy {
      $0.x >= rect.x + rect.width || rect.x >= $0.x + $0.width || $0.y >= rect.y + rect.height
        || rect.y >= $0.y + $0.height
    }
  }
}
