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
}
