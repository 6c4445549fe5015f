import Media

/// Pixels to draw on. Whatever lies outside is clipped.
struct Canvas {
  private(set) var image: RGBImage
  /// Requested characters that are not in the font; empty unless a label is wrong.
  private(set) var missingCharacters: Set<Character> = []

  var width: Int { image.width }
  var height: Int { image.height }

  /// An empty canvas.
  init(width: Int, height: Int, color: Color = .paper) {
    let size = max(1, width) * max(1, height)
    image = RGBImage(
      width: max(1, width), height: max(1, height),
      pixels: [UInt8](unsafeUninitializedCapacity: size * 3) { buffer, used in
        for pixel in 0..<size {
          buffer[3 * pixel] = color.red
          buffer[3 * pixel + 1] = color.green
          buffer[3 * pixel + 2] = color.blue
        }
        used = size * 3
      })
  }

  /// A canvas with a picture on it.
  init(_ image: RGBImage) { self.image = image }

  /// The part of `rect` that is on the canvas.
  private func clip(_ rect: PixelRect) -> (x: Range<Int>, y: Range<Int>) {
    let left = min(width, max(0, rect.x))
    let top = min(height, max(0, rect.y))
    return (
      left..<max(left, min(width, rect.x + rect.width)),
      top..<max(top, min(height, rect.y + rect.height))
    )
  }

  /// Replaces every pixel of a rectangle by the result of `change` for its coordinates and color.
  mutating func change(
    _ rect: PixelRect, _ change: (_ x: Int, _ y: Int, _ color: Color) -> Color
  ) {
    let (columns, rows) = clip(rect)
    let width = width
    image.pixels.withUnsafeMutableBufferPointer { pixels in
      for y in rows {
        for x in columns {
          let at = (y * width + x) * 3
          let new = change(x, y, Color(pixels[at], pixels[at + 1], pixels[at + 2]))
          pixels[at] = new.red
          pixels[at + 1] = new.green
          pixels[at + 2] = new.blue
        }
      }
    }
  }

  /// Fills a rectangle with a color.
  mutating func fill(_ rect: PixelRect, _ color: Color) { change(rect) { _, _, _ in color } }

  /// Draws a frame along the inner edge of a rectangle.
  mutating func frame(_ rect: PixelRect, thickness: Int, _ color: Color) {
    let (w, h, t) = (rect.width, rect.height, min(thickness, rect.width, rect.height))
    fill(PixelRect(x: rect.x, y: rect.y, width: w, height: t), color)
    fill(PixelRect(x: rect.x, y: rect.y + h - t, width: w, height: t), color)
    fill(PixelRect(x: rect.x, y: rect.y, width: t, height: h), color)
    fill(PixelRect(x: rect.x + w - t, y: rect.y, width: t, height: h), color)
  }

  /// Draws a picture at a place.
  mutating func draw(_ picture: RGBImage, x: Int, y: Int) {
    let (columns, rows) = clip(
      PixelRect(x: x, y: y, width: picture.width, height: picture.height))
    let width = width
    picture.pixels.withUnsafeBufferPointer { source in
      image.pixels.withUnsafeMutableBufferPointer { target in
        for row in rows {
          let from = ((row - y) * picture.width + columns.lowerBound - x) * 3
          let to = (row * width + columns.lowerBound) * 3
          for offset in 0..<columns.count * 3 { target[to + offset] = source[from + offset] }
        }
      }
    }
  }

  /// Writes one line of text; `y` is the upper edge of its capitals.
  mutating func text(_ text: String, x: Int, y: Int, scale: Int = 2, color: Color = .ink) {
    var left = x
    for character in text {
      let glyph = BitmapFont.glyph(character)
      if glyph == nil { missingCharacters.insert(character) }
      for (row, bits) in (glyph ?? BitmapFont.unknown).enumerated() {
        for column in 0..<BitmapFont.width where bits & (1 << (BitmapFont.width - 1 - column)) != 0
        {
          fill(
            PixelRect(
              x: left + column * scale, y: y + row * scale, width: scale, height: scale), color)
        }
      }
      left += BitmapFont.advance * scale
    }
  }

  /// Draws another canvas, and adds its missing characters to those of this one.
  mutating func draw(_ other: Canvas, x: Int, y: Int) {
    missingCharacters.formUnion(other.missingCharacters)
    draw(other.image, x: x, y: y)
  }
}
