import Merging

/// What has become of every group of one segment at some point of the work.
struct GroupFates: Sendable, Equatable {
  /// What became of a group.
  enum Fate: Sendable {
    /// It is still there.
    case kept
    /// It is still there and has taken up others.
    case recycled
    /// It was given up.
    case givenUp
  }

  /// `[groups]`.
  let fates: [Fate]

  /// How many groups are still there.
  var left: Int { fates.count { $0 != .givenUp } }
  /// How many of them have taken up others.
  var recycled: Int { fates.count { $0 == .recycled } }

  /// After the last of some merging layers.
  ///
  /// - Parameters:
  ///   - records: what each of them did to the segment, in order; of a group that is left at the
  ///     end, taking up others at any of them counts.
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
