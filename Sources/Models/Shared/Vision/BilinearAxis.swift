/// The weights of bilinear resampling along one axis, without antialiasing (PyTorch's `interpolate` with
/// `align_corners` false).
struct BilinearAxis {
  /// For each target cell, the source cells under it and their weights.
  let taps: [[(source: Int, weight: Float)]]

  /// The weights from one number of cells to another, both at least 1.
  init(from: Int, to: Int) {
    taps = (0..<to).map { index in
      let at = max(0, (Double(index) + 0.5) * Double(from) / Double(to) - 0.5)
      let first = min(Int(at), from - 1)
      let second = min(first + 1, from - 1)
      let rest = Float(at - Double(first))
      if first == second { return [(first, 1)] }
      return [(first, Float(1 - (at - Double(first)))), (second, rest)]
    }
  }
}
