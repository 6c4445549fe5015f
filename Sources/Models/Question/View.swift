/// The input of one segment: an image, a tile of one, or as many frames of a video as a patch is deep.
public struct View: Sendable, Equatable {
  /// The images that it shows, by index in its `Visual`: one image, or the frames of one patch depth.
  public var images: Range<Int>
  /// The view's left edge in them, in pixels.
  public var x: Int
  /// The view's upper edge in them, in pixels.
  public var y: Int
  /// The patches it is cut into.
  public var grid: PatchGrid

  /// A view from its parts.
  public init(images: Range<Int>, x: Int = 0, y: Int = 0, grid: PatchGrid) {
    self.images = images
    self.x = x
    self.y = y
    self.grid = grid
  }
}
