import Compute

/// The learned position embedding, interpolated bilinearly to a segment's grid (HF
/// `fast_pos_embed_interpolate`).
package struct LearnedPositions: Sendable {
  /// `[side · side, hidden]`.
  private let table: WeightStorage
  private let side: Int
  private let hiddenSize: Int

  /// A table, `[side · side, hidden]`.
  package init(table: WeightStorage, side: Int, hiddenSize: Int) {
    self.table = table
    self.side = side
    self.hiddenSize = hiddenSize
  }

  /// Adds the embedding of each of these patches of `grid` to its row of `output`, `[patches, hidden]`.
  func add(
    grid: PatchGrid, patches: ComputedPatches, to output: MatrixView, threads: ThreadTeam
  ) {
    let rows = Self.evenlySpaced(grid.height, last: side - 1)
    let columns = Self.evenlySpaced(grid.width, last: side - 1)
    threads.forEachRun(of: patches.count, size: 64) { run in
      var corner = [Float](repeating: 0, count: hiddenSize)
      for patch in run {
        let position = grid.position(of: patches[patch])
        let (y, x) = (rows[position.row], columns[position.column])
        let (top, left) = (Int(y), Int(x))
        let (bottom, right) = (min(top + 1, side - 1), min(left + 1, side - 1))
        let (dy, dx) = (y - Float(top), x - Float(left))
        for (row, column, weight) in [
          (top, left, (1 - dy) * (1 - dx)), (top, right, (1 - dy) * dx),
          (bottom, left, dy * (1 - dx)), (bottom, right, dy * dx),
        ] {
          table.copyRow(row * side + column, to: &corner)
          Vector.add(corner, times: weight, to: output.row(patch), count: hiddenSize)
        }
      }
    }
  }

  /// `count` numbers from 0 to `last`, in the order of operations of `torch.linspace`: from both ends
  /// towards the middle, so that rounding down gives the same integers.
  static func evenlySpaced(_ count: Int, last: Int) -> [Float] {
    guard count > 1 else { return [0] }
    let step = Float(last) / Float(count - 1)
    return (0..<count).map { index in
      index < count / 2 ? step * Float(index) : Float(last) - step * Float(count - 1 - index)
    }
  }
}
