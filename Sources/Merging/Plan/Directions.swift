import Compute

/// Where rows lie, seen from their mean.
enum Directions {
  /// Takes the mean off every row and brings what is left to length 1, so that dot products are
  /// cosines; a row that *is* the mean becomes zero and is like no other.
  ///
  /// - Parameters:
  ///   - features: `[rows, columns]`.
  ///   - directions: `[rows, columns]`; may be the features themselves, which are lost then.
  /// - Returns: `[rows]`, each row's distance from the mean.
  static func fromMean(
    of features: MatrixView, into directions: MatrixView, _ threads: ThreadTeam
  ) -> [Float] {
    let (count, columns) = (features.rows, features.columns)
    var mean = [Float](repeating: 0, count: columns)
    for row in 0..<count {
      Vector.add(features.row(row), times: -1 / Float(count), to: &mean, count: columns)
    }
    let zero = [Float](repeating: 0, count: columns)
    var distances = [Float](repeating: 0, count: count)
    distances.withUnsafeMutableBufferPointer { distances in
      let out = distances
      threads.forEachRun(of: count, size: 16) { run in
        for index in run {
          let (source, row) = (features.row(index), directions.row(index))
          // Before the row changes, which may be the source.
          let own = Vector.dot(source, source, count: columns)
          if row != source { row.update(from: source, count: columns) }
          Vector.add(mean, to: row, count: columns)
          let square = Vector.dot(row, row, count: columns)
          // What rounding leaves of equal rows is noise and has no direction.
          let isNoise = !(square > 1e-10 * own)
          out[index] = isNoise ? 0 : square.squareRoot()
          Vector.addAndScale(
            zero, by: isNoise ? 0 : 1 / square.squareRoot(), to: row, count: columns)
        }
      }
    }
    return distances
  }
}
