/// What goes through the image encoder by itself: an image, a tile of one, or as many frames of a video
/// as a patch is deep.
public struct View: Sendable, Equatable {
  /// The images that it shows, among those of its `Visual`: one, or the frames of a patch's depth.
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
