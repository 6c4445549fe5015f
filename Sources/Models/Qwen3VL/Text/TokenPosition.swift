/// Where a token is for M-RoPE: in time, from top to bottom, from left to right.
struct TokenPosition: Sendable, Equatable {
  var time: Int
  var height: Int
  var width: Int

  /// A text token: the same number three times.
  init(text position: Int) {
    time = position
    height = position
    width = position
  }

  /// A visual token at a group of a segment that starts at `start`.
  init(start: Int, row: Int, column: Int) {
    time = start
    height = start + row
    width = start + column
  }

  /// 0 is time, 1 height, 2 width.
  subscript(axis: Int) -> Int {
    switch axis {
    case 0: time
    case 1: height
    default: width
    }
  }
}
