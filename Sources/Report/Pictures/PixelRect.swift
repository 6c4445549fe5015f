/// A rectangle of whole pixels.
struct PixelRect: Sendable, Equatable {
  var x: Int
  var y: Int
  var width: Int
  var height: Int

  /// The same rectangle, moved.
  func moved(_ dx: Int, _ dy: Int) -> PixelRect {
    PixelRect(x: x + dx, y: y + dy, width: width, height: height)
  }

  /// The rectangle without a border of `by` pixels, or with one where that is negative.
  func inset(_ by: Int) -> PixelRect {
    PixelRect(
      x: x + by, y: y + by, width: max(0, width - 2 * by), height: max(0, height - 2 * by))
  }
}
