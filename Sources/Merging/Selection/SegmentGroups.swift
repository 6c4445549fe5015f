import Compute
import Diagnostics

/// The groups of one segment at one merging layer, as a selection gets them.
public struct SegmentGroups: Sendable {
  /// `[groups, groupSize · hidden]`: the hidden states of a group's patches, one after the other.
  public let features: MatrixView
  /// `[groups]`: what attention told about them; empty where it was not asked.
  public let scores: [Float]
  /// Where they lie in the picture.
  public let layout: GroupLayout
  /// The random numbers of this segment and layer start here.
  public let seed: UInt64
  /// `[groups, groupSize · hidden]`: memory to compute in.
  private let scratch: MatrixView

  /// Groups from their parts.
  ///
  /// - Parameter scratch: memory of the extents of `features`; its contents are lost.
  public init(
    features: MatrixView, scores: [Float], layout: GroupLayout, seed: UInt64, scratch: MatrixView
  ) {
    self.features = features
    self.scores = scores
    self.layout = layout
    self.seed = seed
    self.scratch = scratch
  }

  /// How many there are.
  public var count: Int { features.rows }

  /// Takes the segment's mean off every group and brings what is left to length 1, so that dot
  /// products are cosines; a group that *is* the mean becomes zero and is like no other.
  ///
  /// - Returns: `[groups, groupSize · hidden]` in the scratch memory, and each group's distance from
  ///   the mean.
  func directions(_ threads: ThreadTeam) -> (rows: MatrixView, distances: [Float]) {
    let columns = features.columns
    var mean = [Float](repeating: 0, count: columns)
    for group in 0..<count {
      Vector.add(features.row(group), times: -1 / Float(count), to: &mean, count: columns)
    }
    let zero = [Float](repeating: 0, count: columns)
    var distances = [Float](repeating: 0, count: count)
    distances.withUnsafeMutableBufferPointer { distances in
      let out = distances
      threads.forEachRun(of: count, size: 16) { run in
        for group in run {
          let (source, row) = (features.row(group), scratch.row(group))
          row.update(from: source, count: columns)
          Vector.add(mean, to: row, count: columns)
          let own = Vector.dot(source, source, count: columns)
          let square = Vector.dot(row, row, count: columns)
          // What rounding leaves of equal rows is noise and has no direction.
          let isNoise = !(square > 1e-10 * own)
          out[group] = isNoise ? 0 : square.squareRoot()
          Vector.addAndScale(
            zero, by: isNoise ? 0 : 1 / square.squareRoot(), to: row, count: columns)
        }
      }
    }
    return (scratch, distances)
  }
}
