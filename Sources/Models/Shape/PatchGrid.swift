/// The patches of one segment: a picture, or a pair of frames of a video.
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

  /// Patches.
  public var patches: Int { height * width }
  /// Groups: text tokens before merging.
  public var groups: Int { patches / (mergeSize * mergeSize) }
  /// Groups from left to right.
  public var groupsAcross: Int { width / mergeSize }

  /// Where a patch lies, in patches from the top left.
  public func position(of patch: Int) -> (row: Int, column: Int) {
    let (group, inner) = patch.quotientAndRemainder(dividingBy: mergeSize * mergeSize)
    let (groupRow, groupColumn) = group.quotientAndRemainder(dividingBy: groupsAcross)
    return (
      groupRow * mergeSize + inner / mergeSize, groupColumn * mergeSize + inner % mergeSize
    )
  }
}
