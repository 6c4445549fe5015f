/// The patches of one segment: an image, a tile of one, or the frames of one patch depth of a video.
///
/// Patches are numbered group by group (HF order): all patches of the group at the top left first,
/// then those of the group to its right.
public struct PatchGrid: Sendable, Equatable {
  /// Patches from top to bottom; a multiple of `mergeSize`.
  public let height: Int
  /// Patches from left to right; a multiple of `mergeSize`.
  public let width: Int
  /// Patches along a group's side.
  public let mergeSize: Int

  /// A grid of `height × width` patches.
  public init(height: Int, width: Int, mergeSize: Int) {
    self.height = height
    self.width = width
    self.mergeSize = mergeSize
  }

  /// The number of patches.
  public var patches: Int { height * width }
  /// The number of groups: visual tokens before merging.
  public var groups: Int { patches / (mergeSize * mergeSize) }
  /// Groups from left to right.
  public var groupsAcross: Int { width / mergeSize }
  /// Groups from top to bottom.
  public var groupsDown: Int { height / mergeSize }

  /// The place of a patch, in patches from the top left.
  public func position(of patch: Int) -> (row: Int, column: Int) {
    let (group, inner) = patch.quotientAndRemainder(dividingBy: mergeSize * mergeSize)
    let (groupRow, groupColumn) = group.quotientAndRemainder(dividingBy: groupsAcross)
    return (
      groupRow * mergeSize + inner / mergeSize, groupColumn * mergeSize + inner % mergeSize
    )
  }
}
