/// Where the tokens of a prompt are for the rotary embedding: one number each for plain rotary
/// embeddings, three for M-RoPE (time, from top to bottom, from left to right).
public struct TokenPositions: Sendable, Equatable {
  /// `[axes][tokens]`.
  public private(set) var axes: [[Int]]
  /// The position of the token that comes next: after the largest so far, on all axes.
  public private(set) var next = 0

  /// No token yet.
  public init(axes: Int) { self.axes = Array(repeating: [], count: axes) }

  /// Tokens there are.
  public var count: Int { axes.first?.count ?? 0 }

  /// Adds tokens of text, which count on.
  public mutating func appendText(_ count: Int) {
    for axis in axes.indices { axes[axis] += next..<next + count }
    next += count
  }

  /// Adds the groups of a grid, row by row, which share their time and spread over height and width
  /// (HF `get_rope_index`); what follows starts after the largest side.
  public mutating func appendGrid(down: Int, across: Int) {
    for row in 0..<down {
      for column in 0..<across {
        for (axis, offset) in zip(axes.indices, [0, row, column]) {
          axes[axis].append(next + offset)
        }
      }
    }
    next += max(down, across)
  }
}
