/// Bounds on the sizes that a configuration may name.
enum ShapeCheck {
  /// An upper bound: every dense model is far below it, and products of two sizes are far from overflow.
  static let largest = 1 << 24

  /// A sentence about the first size outside `1...largest`; `nil` if there is none.
  static func problem(_ sizes: [(name: String, value: Int)]) -> String? {
    for (name, value) in sizes where value < 1 || value > largest {
      return "\(name) is \(value), expected 1 to \(largest)"
    }
    return nil
  }
}
