/// How an image is brought to a size of other proportions.
public enum ImageFitting: Sendable, Equatable {
  /// It is resized to the size, whatever its proportions.
  case stretched
  /// It is resized to `content`, which the size has room for, and put in the middle of a black image. Half
  /// of an odd margin is rounded down on the left and at the top.
  case centered(content: PixelSize)
  /// Margins of a color make it square before it is resized. Half of an odd margin is rounded down on the
  /// left and at the top.
  case squared(red: UInt8, green: UInt8, blue: UInt8)
}
