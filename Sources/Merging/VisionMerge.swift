import Compute
import Diagnostics

/// One segment's merge at one ViT layer, over patches or over whole groups.
///
/// A group is the `groupSize` neighboring patches that become one text token. The patch merger needs
/// whole groups, so groups are what leaves; what is *scored* as a row differs by profile.
public struct VisionMerge: Sendable {
  /// The plan, over rows of `patchesPerRow` patches.
  public let plan: MergePlan
  /// `groupSize` where a row is a group (`exact`), 1 where it is a patch (`published`).
  public let patchesPerRow: Int
  /// Indices of the surviving groups, ascending.
  public let keptGroups: [Int]
  /// 1 where a row is a group, `groupSize` where it is a patch.
  public let rowsPerGroup: Int
  /// `[rows]`: every row's score.
  public let scores: [Float]
  /// The rows that were chosen, ascending; over patches fewer than those of `keptGroups`.
  public let chosenRows: [Int]

  /// Plans a segment.
  ///
  /// - Parameters:
  ///   - patchScores: `[patches]`; empty where `merging.visionScore` asks for none.
  ///   - patches: `[patches, hidden]`, the hidden states after the attention residual.
  ///   - scratch: memory of the same extents, to compare groups in.
  ///   - sizes: `[groups]`, how many groups each stands for; empty where each is itself alone.
  ///   - groupSize: patches per group.
  ///   - seed: where the random numbers of this segment and layer start.
  /// - Throws: `compute.no-memory` when there is none to compare groups in.
  public static func make(
    patchScores: [Float], patches: MatrixView, scratch: MatrixView,
    sizes: [Float] = [], groupSize: Int, seed: UInt64, merging: ResolvedMerging, threads: ThreadTeam
  ) throws(Failure) -> VisionMerge {
    if merging.profile.keepsGroupsOfAnyPatch {
      return try overPatches(patchScores, patches, scratch, groupSize, merging, threads)
    }
    let groups = SegmentGroups(
      features: patches.grouped(by: groupSize),
      scores: SegmentGroups.mean(patchScores, groupSize: groupSize), sizes: sizes, seed: seed,
      scratch: scratch.grouped(by: groupSize))
    return try overGroups(groups, groupSize, merging, threads)
  }

  /// Groups are the rows: exactly `round(groups · r)` of them survive. A group's features are those
  /// of all its patches.
  private static func overGroups(
    _ groups: SegmentGroups, _ groupSize: Int, _ merging: ResolvedMerging, _ threads: ThreadTeam
  ) throws(Failure) -> VisionMerge {
    let (plan, scores) = try merging.visionChoice.selection.plan(
      groups, keep: merging.vision.retention.keptInVision(of: groups.count),
      mode: merging.vision.mode, threads: threads)
    return VisionMerge(
      plan: plan, patchesPerRow: groupSize, keptGroups: plan.kept, rowsPerGroup: 1, scores: scores,
      chosenRows: plan.kept)
  }

  /// Patches are the rows, as in the published code: then every group with a kept patch survives
  /// whole. Recycled patches are updated all the same.
  private static func overPatches(
    _ patchScores: [Float], _ patches: MatrixView, _ scratch: MatrixView, _ groupSize: Int,
    _ merging: ResolvedMerging, _ threads: ThreadTeam
  ) throws(Failure) -> VisionMerge {
    let asked = merging.vision.retention.keptInVision(of: patches.rows)
    let keep = min(max(groupSize, asked / groupSize * groupSize), patches.rows)
    let plan = try MergePlan.make(
      scores: patchScores, features: patches, keep: keep, mode: merging.vision.mode,
      scratch: scratch, threads: threads)
    var groups: [Int] = []
    for patch in plan.kept where groups.last != patch / groupSize {
      groups.append(patch / groupSize)
    }
    let whole = MergePlan(
      kept: groups.flatMap { $0 * groupSize..<($0 + 1) * groupSize },
      recycled: plan.recycled, donors: plan.donors, weights: plan.weights)
    return VisionMerge(
      plan: whole, patchesPerRow: 1, keptGroups: groups, rowsPerGroup: groupSize,
      scores: patchScores, chosenRows: plan.kept)
  }

  /// Applies the plan to the segment's patches, `[patches, hidden]`, moving survivors to
  /// `destination` (see `MergePlan.apply`).
  public func apply(_ patches: MatrixView, to destination: UnsafeMutablePointer<Float>) {
    plan.apply(patches.grouped(by: patchesPerRow), to: destination)
  }

  /// Applies the plan to one row per group, `[groups, columns]`: DeepStack features taken earlier.
  ///
  /// Only where groups are the rows; a plan over patches says nothing about what a group holds.
  public func apply(toGroups rows: MatrixView, to destination: UnsafeMutablePointer<Float>) {
    plan.apply(rows, to: destination)
  }
}
