import Compute

/// Directions of rows from their mean.
enum Directions {
  /// Subtracts the mean from every row and scales the result to length 1, so that dot products are
  /// cosines. A row that equals the mean becomes zero, and its cosine to every row is 0.
  ///
  /// - Parameters:
  ///   - features: `[rows, columns]`.
  ///   - directions: `[rows, columns]`; may be the same memory as the features, which are then
  ///     overwritten.
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
          // Read before the row changes: source and destination may be the same.
          let own = Vector.dot(source, source, count: columns)
          if row != source { row.update(from: source, count: columns) }
          Vector.add(mean, to: row, count: columns)
          let square = Vector.dot(row, row, count: columns)
          // The differences that rounding leaves between equal rows are noise and have no direction.
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
