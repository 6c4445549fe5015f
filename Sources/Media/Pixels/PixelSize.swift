/// Pixels from left to right and from top to bottom.
public struct PixelSize: Sendable, Codable, Equatable {
  /// Pixels from left to right.
  public var width: Int
  /// Pixels from top to bottom.
  public var height: Int

  /// A size from its parts.
  public init(width: Int, height: Int) {
    self.width = width
    self.height = height
  }
}
