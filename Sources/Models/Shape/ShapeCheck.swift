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

  /// A sentence about the base of rotary positions or the epsilon of norms, if one of them cannot be.
  static func problem(ropeTheta: Float, epsilon: Float) -> String? {
    if !(ropeTheta >= 1) || !ropeTheta.isFinite {
      return "rope_theta is \(ropeTheta), expected 1 or more"
    }
    return problem(epsilon: epsilon, "rms_norm_eps")
  }

  /// A sentence about the epsilon of norms, if it cannot be: one that is not small hides what the norms
  /// are about.
  static func problem(epsilon: Float, _ name: String) -> String? {
    epsilon > 0 && epsilon < 1 ? nil : "\(name) is \(epsilon), expected a number between 0 and 1"
  }
}
