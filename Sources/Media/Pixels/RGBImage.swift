/// An image as packed 8-bit RGB.
public struct RGBImage: Sendable, Equatable {
  /// Pixels per line.
  public var width: Int
  /// Lines.
  public var height: Int
  /// The values, `[height, width, 3]`, red first, top line first.
  public var pixels: [UInt8]

  /// An image from `width * height * 3` values.
  public init(width: Int, height: Int, pixels: [UInt8]) {
    self.width = width
    self.height = height
    self.pixels = pixels
  }

  /// The image in the middle of a black one; as it is where that is smaller.
  func centered(on size: PixelSize) -> RGBImage {
    guard size.width >= width, size.height >= height, pixels.count == width * height * 3 else {
      return self
    }
    var result = RGBImage(
      width: size.width, height: size.height,
      pixels: [UInt8](repeating: 0, count: size.width * size.height * 3))
    let (left, top) = ((size.width - width) / 2, (size.height - height) / 2)
    for line in 0..<height {
      let start = ((top + line) * size.width + left) * 3
      result.pixels.replaceSubrange(
        start..<start + width * 3, with: pixels[line * width * 3..<(line + 1) * width * 3])
    }
    return result
  }
}
