import Synchronization

/// Adds up the squares of what products read, column by column: how much an error of a weight counts.
public final class ColumnSquares: ProductObserver {
  private struct Sum {
    var squares: [Double]
    var rows = 0
  }

  private let sums = Mutex<[UInt: Sum]>([:])

  /// Starts with nothing.
  public init() {}

  /// Adds the rows of an input, `[rows, inputs]`, to what these weights have read.
  public func reads(_ x: MatrixView, weights: UnsafeRawPointer) {
    let place = UInt(bitPattern: weights)
    sums.withLock { sums in
      var sum = sums[place] ?? Sum(squares: [Double](repeating: 0, count: x.columns))
      guard sum.squares.count == x.columns else { return }
      for row in 0..<x.rows {
        let values = x.row(row)
        for column in 0..<x.columns {
          sum.squares[column] += Double(values[column]) * Double(values[column])
        }
      }
      sum.rows += x.rows
      sums[place] = sum
    }
  }

  /// The mean squares of what these weights have read, `[inputs]`; `nil` for nothing, or for numbers that
  /// are not finite.
  public func means(of weights: PackedWeights) -> [Float]? {
    guard let sum = sums.withLock({ $0[UInt(bitPattern: weights.base)] }), sum.rows > 0 else {
      return nil
    }
    let means = sum.squares.map { Float($0 / Double(sum.rows)) }
    return means.allSatisfy(\.isFinite) ? means : nil
  }
}
