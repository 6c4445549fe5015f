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
  /// The groups that show something; the others are padding, which merging leaves alone and which becomes
  /// no token of the prompt. `nil` where all do.
  public var content: GridArea?

  /// A view from its parts.
  public init(
    images: Range<Int>, x: Int = 0, y: Int = 0, grid: PatchGrid, content: GridArea? = nil
  ) {
    self.images = images
    self.x = x
    self.y = y
    self.grid = grid
    self.content = content
  }

  /// The number of groups that are padding.
  public var padding: Int { content.map { grid.groups - $0.count } ?? 0 }

  /// Which groups are padding; empty for none.
  var isPadding: [Bool] {
    guard padding > 0, let content else { return [] }
    return (0..<grid.groups).map {
      content.index(row: $0 / grid.groupsAcross, column: $0 % grid.groupsAcross) == nil
    }
  }
}
