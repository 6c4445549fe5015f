/// How stored pixels are turned for display: one of the eight orientations that EXIF numbers 1…8.
struct Orientation: Equatable, Sendable {
  /// Lines become columns.
  var transposed = false
  /// The stored image is read from its right edge.
  var flipX = false
  /// The stored image is read from its lower edge.
  var flipY = false

  static let upright = Orientation()

  init(transposed: Bool = false, flipX: Bool = false, flipY: Bool = false) {
    self.transposed = transposed
    self.flipX = flipX
    self.flipY = flipY
  }

  /// The orientation with an EXIF number; `nil` outside 1…8.
  init?(exif: Int) {
    switch exif {
    case 1: self.init()
    case 2: self.init(flipX: true)
    case 3: self.init(flipX: true, flipY: true)
    case 4: self.init(flipY: true)
    case 5: self.init(transposed: true)
    case 6: self.init(transposed: true, flipY: true)
    case 7: self.init(transposed: true, flipX: true, flipY: true)
    case 8: self.init(transposed: true, flipX: true)
    default: return nil
    }
  }

  /// The orientation closest to a display matrix of nine numbers, row by row, which shows a stored point
  /// (x, y) at (m₀x + m₃y, m₁x + m₄y).
  init(matrix: UnsafePointer<Int32>) {
    let (a, b, c, d) = (Int(matrix[0]), Int(matrix[1]), Int(matrix[3]), Int(matrix[4]))
    if abs(b) + abs(c) > abs(a) + abs(d) {
      self.init(transposed: true, flipX: b < 0, flipY: c < 0)
    } else {
      self.init(flipX: a < 0, flipY: d < 0)
    }
  }

  /// The displayed size for a stored size, and vice versa.
  func turned(height: Int, width: Int) -> (height: Int, width: Int) {
    transposed ? (width, height) : (height, width)
  }
}
