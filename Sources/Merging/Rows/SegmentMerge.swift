import Compute
import Diagnostics
import Options

/// The merge of one segment at one merging layer.
///
/// A segment's rows form groups: in the ViT a group is the `groupSize` neighboring patches that become
/// one token, in the language model it is a single token. Only whole groups are removed. The plan
/// chooses between groups; only the profile `published` chooses between patches.
public struct SegmentMerge: Sendable {
  /// The plan, over groups or over patches.
  public let plan: MergePlan
  /// Matrix rows per row of the plan: the size of a group, or 1 where the plan is over patches.
  public let rowsPerChoice: Int
  /// Indices of the surviving groups, ascending.
  public let keptGroups: [Int]
  /// Rows of the plan per group: 1, or the size of a group where the plan is over patches.
  public let choicesPerGroup: Int
  /// `[rows of the plan]`: every row's score.
  public let scores: [Float]
  /// The rows of the plan that were chosen, ascending. If the plan is over patches, these can be fewer
  /// than the patches of `keptGroups`.
  public let chosen: [Int]

  /// The merge that a selection plans: the stage says how many groups survive.
  ///
  /// - Parameters:
  ///   - groups: the segment's groups.
  ///   - movable: the groups that may be removed, by index, ascending; `nil` for all of them. The others
  ///     stay as they are.
  ///   - groupSize: rows in a group.
  /// - Throws: `compute.no-memory` when there is no memory to compare groups in.
  public init(
    _ groups: Candidates, movable: [Int]? = nil, by selection: any Selection, stage: MergeStage,
    groupSize: Int = 1, threads: ThreadTeam
  ) throws(Failure) {
    let (keep, mode) = (stage.kept(of: movable?.count ?? groups.count), stage.mode)
    if let movable {
      var scores = groups.scores
      if scores.isEmpty { scores = [Float](repeating: 0, count: groups.count) }
      var plan = MergePlan(kept: [])
      if !movable.isEmpty {
        let part: [Float]
        (plan, part) = try selection.plan(
          try groups.part(movable), keep: keep, mode: mode, threads: threads)
        for (index, score) in zip(movable, part) { scores[index] = score }
      }
      self.plan = MergePlan(plan, of: movable, among: groups.count)
      self.scores = scores
    } else {
      (plan, scores) = try selection.plan(groups, keep: keep, mode: mode, threads: threads)
    }
    rowsPerChoice = groupSize
    keptGroups = plan.kept
    choicesPerGroup = 1
    chosen = plan.kept
  }

  /// The merge of one segment in the ViT, as the profile defines it.
  ///
  /// - Parameters:
  ///   - patchScores: `[patches]`; empty where `merging.visionSelection` uses no attention scores.
  ///   - patches: `[patches, hidden]`, the hidden states after the attention residual.
  ///   - scratch: memory of the same extents, for comparing groups.
  ///   - sizes: `[groups]`, how many original groups each group stands for; empty if every group stands
  ///     for one.
  ///   - movable: as above; the profile `published` takes all.
  ///   - scoreStep: what groups' scores are rounded to a multiple of; `nil` for no rounding.
  ///   - seed: the seed of this segment and layer.
  /// - Throws: `compute.no-memory` when there is no memory to compare groups in.
  public init(
    patchScores: [Float], patches: MatrixView, scratch: MatrixView, sizes: [Float] = [],
    movable: [Int]? = nil, groupSize: Int, scoreStep: Float? = nil, seed: UInt64,
    merging: ResolvedMerging,
    threads: ThreadTeam
  ) throws(Failure) {
    let stage = merging.vision
    if merging.profile.keepsGroupsOfAnyPatch {
      try self.init(
        published: patchScores, patches: patches, scratch: scratch, groupSize: groupSize,
        stage: stage, threads: threads)
    } else {
      let groups = Candidates(
        features: patches.grouped(by: groupSize),
        scores: Candidates.mean(patchScores, groupSize: groupSize, step: scoreStep), sizes: sizes,
        seed: seed,
        scratch: scratch.grouped(by: groupSize))
      try self.init(
        groups, movable: movable, by: merging.visionSelection, stage: stage, groupSize: groupSize,
        threads: threads)
    }
  }

  /// The merge of the published ViT code: the plan chooses patches, every group with a chosen patch
  /// survives whole, and chosen patches receive as in any plan.
  ///
  /// - Parameters:
  ///   - scores: `[patches]`.
  ///   - patches: `[patches, hidden]`.
  ///   - scratch: memory of the same extents.
  /// - Throws: `compute.no-memory` when there is no memory to compare patches in.
  private init(
    published scores: [Float], patches: MatrixView, scratch: MatrixView, groupSize: Int,
    stage: MergeStage, threads: ThreadTeam
  ) throws(Failure) {
    let asked = stage.kept(of: patches.rows)
    let keep = min(max(groupSize, asked / groupSize * groupSize), patches.rows)
    let overPatches = try MergePlan.make(
      scores: scores, features: patches, keep: keep, mode: stage.mode, scratch: scratch,
      threads: threads)
    var groups: [Int] = []
    for patch in overPatches.kept where groups.last != patch / groupSize {
      groups.append(patch / groupSize)
    }
    plan = MergePlan(
      kept: groups.flatMap { $0 * groupSize..<($0 + 1) * groupSize },
      receivers: overPatches.receivers, donors: overPatches.donors, weights: overPatches.weights)
    rowsPerChoice = 1
    keptGroups = groups
    choicesPerGroup = groupSize
    self.scores = scores
    chosen = overPatches.kept
  }

  /// Applies the plan to the segment's rows, `[rows, columns]`, and moves survivors to `destination`
  /// (see `MergePlan.apply`).
  public func apply(_ rows: MatrixView, to destination: UnsafeMutablePointer<Float>) {
    plan.apply(rows.grouped(by: rowsPerChoice), to: destination)
  }

  /// Applies the plan to a matrix of one row per group, `[groups, columns]`: features of earlier layers.
  ///
  /// Only for a plan over groups; a plan over patches has no weights for groups.
  public func apply(toGroups rows: MatrixView, to destination: UnsafeMutablePointer<Float>) {
    plan.apply(rows, to: destination)
  }
}
