/// The positions of a prompt's tokens for the rotary embedding: one number per token for plain rotary
/// embeddings, three for M-RoPE (time, height, width).
public struct TokenPositions: Sendable, Equatable {
  /// `[axes][tokens]`.
  public private(set) var axes: [[Int]]
  /// The position of the next token: one more than the largest so far, on all axes.
  public private(set) var next = 0

  /// Positions of an empty prompt.
  public init(axes: Int) { self.axes = Array(repeating: [], count: axes) }

  /// The number of tokens.
  public var count: Int { axes.first?.count ?? 0 }

  /// Adds tokens of text, at consecutive positions.
  public mutating func appendText(_ count: Int) {
    for axis in axes.indices { axes[axis] += next..<next + count }
    next += count
  }

  /// Adds the groups of a grid, row by row, once for each of some times. They differ in time, height and
  /// width (HF `get_rope_index`); the next token comes after the largest of the three.
  ///
  /// - Parameter times: from 0, ascending.
  public mutating func appendGrid(down: Int, across: Int, times: [Int] = [0]) {
    for time in times {
      for row in 0..<down {
        for column in 0..<across {
          for (axis, offset) in zip(axes.indices, [time, row, column]) {
            axes[axis].append(next + offset)
          }
        }
      }
    }
    next += max(down, across, (times.last ?? 0) + 1)
  }
}
