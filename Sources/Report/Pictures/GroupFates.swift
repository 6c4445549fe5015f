import Merging

/// The fate of every group of one segment after a number of merging layers.
struct GroupFates: Sendable, Equatable {
  /// The fate of a group.
  enum Fate: Sendable {
    /// The group is left.
    case kept
    /// The group is left and has received others.
    case recycled
    /// The group was removed.
    case givenUp
  }

  /// The fate of each group, `[groups]`.
  let fates: [Fate]

  /// The number of groups left.
  var left: Int { fates.count { $0 != .givenUp } }
  /// The number of groups left that have received others.
  var recycled: Int { fates.count { $0 == .recycled } }

  /// The fates of all groups.
  init(fates: [Fate]) { self.fates = fates }

  /// The fates after the last of some merging layers.
  ///
  /// - Parameters:
  ///   - records: the record of each layer for the segment, in order. A group that is left at the end
  ///     and received others at any of the layers counts as `recycled`.
  init(groups: Int, after records: [MergeRecord]) {
    // Without a merging layer all are left.
    var fates = [Fate](repeating: records.isEmpty ? .kept : .givenUp, count: groups)
    for group in records.last?.kept ?? [] where fates.indices.contains(group) {
      fates[group] = .kept
    }
    for record in records {
      for group in record.receivingGroups
      where fates.indices.contains(group) && fates[group] == .kept {
        fates[group] = .recycled
      }
    }
    self.fates = fates
  }
}
