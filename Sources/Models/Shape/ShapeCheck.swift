/// Bounds on the sizes that a configuration may name.
enum ShapeCheck {
  /// No dimension of any dense model comes near; products of two stay far from overflow.
  static let largest = 1 << 24

  /// The first size that is not in `1...largest`, in words.
  static func problem(_ sizes: [(name: String, value: Int)]) -> String? {
    for (name, value) in sizes where value < 1 || value > largest {
      return "\(name) is \(value), expected 1 to \(largest)"
    }
    return nil
  }
}
