extension MergeRecord {
  /// The record with groups that took no part in the merge, because they had been merged before.
  ///
  /// - Parameters:
  ///   - groups: those that arrive besides, ascending.
  ///   - left: those of them that are left, ascending.
  public func beside(_ groups: [Int], left: [Int]) -> MergeRecord {
    guard rowsPerGroup == 1, !groups.isEmpty else { return self }
    let own = scores.isEmpty ? arrived.map { _ in Float(0) } : scores
    let all = (zip(arrived, own) + groups.map { ($0, 0) }).sorted { $0.0 < $1.0 }
    return MergeRecord(
      arrived: all.map(\.0), kept: (kept + left).sorted(), rowsPerGroup: 1, scores: all.map(\.1),
      chosen: (chosen + left).sorted(), receivers: receivers, donorCounts: donorCounts,
      donors: donors, weights: weights)
  }

  /// A part of a record, and the place of its groups within a larger whole.
  public struct Part {
    /// The record.
    public let record: MergeRecord
    /// The groups that belong to the part, by their number in the record.
    public let groups: Range<Int>
    /// Maps a group's place in the part to its new numbers: none where it is left out, several where the
    /// group is made of several of the whole.
    public let places: (Int) -> [Int]

    /// A part from its parts.
    public init(_ record: MergeRecord, groups: Range<Int>, place: @escaping (Int) -> Int) {
      self.init(record, groups: groups, places: { [place($0)] })
    }

    /// A part from its parts, whose groups may have any number of places.
    public init(_ record: MergeRecord, groups: Range<Int>, places: @escaping (Int) -> [Int]) {
      self.record = record
      self.groups = groups
      self.places = places
    }
  }

  /// One record that joins several parts, such as the tiles of an image as one grid. Flow from one part
  /// into another is left out.
  public init(joining parts: [Part]) {
    let rowsPerGroup = parts.first?.record.rowsPerGroup ?? 1
    var arrived: [(group: Int, scores: ArraySlice<Float>)] = []
    var kept: [Int] = []
    var chosen: [Int] = []
    var flows: [(receiver: Int, donors: [Int], weights: [Float])] = []
    for part in parts {
      func placed(_ row: Int) -> [Int] {
        let (group, inner) = row.quotientAndRemainder(dividingBy: rowsPerGroup)
        guard part.groups.contains(group) else { return [] }
        return part.places(group - part.groups.lowerBound).map { $0 * rowsPerGroup + inner }
      }
      let record = part.record
      for (index, group) in record.arrived.enumerated() where part.groups.contains(group) {
        let rows = index * rowsPerGroup..<(index + 1) * rowsPerGroup
        let scores = rows.upperBound <= record.scores.count ? record.scores[rows] : []
        arrived += part.places(group - part.groups.lowerBound).map { ($0, scores) }
      }
      kept += record.kept.filter(part.groups.contains).flatMap {
        part.places($0 - part.groups.lowerBound)
      }
      chosen += record.chosen.flatMap(placed)
      var next = 0
      for (receiver, count) in zip(record.receivers, record.donorCounts) {
        let range = next..<next + count
        next += count
        let own = range.flatMap { index in
          placed(record.donors[index]).map { ($0, record.weights[index]) }
        }
        for receiver in placed(receiver) {
          flows.append((receiver, own.map(\.0), own.map(\.1)))
        }
      }
    }
    arrived.sort { $0.group < $1.group }
    self.init(
      arrived: arrived.map(\.group), kept: kept.sorted(), rowsPerGroup: rowsPerGroup,
      scores: arrived.flatMap(\.scores), chosen: chosen.sorted(), receivers: flows.map(\.receiver),
      donorCounts: flows.map(\.donors.count), donors: flows.flatMap(\.donors),
      weights: flows.flatMap(\.weights))
  }
}
