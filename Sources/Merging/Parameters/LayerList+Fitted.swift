import Options

extension LayerList {
  /// The published layers where a model has them, otherwise layers at the same fractions of its depth.
  ///
  /// - Parameters:
  ///   - published: the authors' layers, ascending.
  ///   - publishedDepth: the depth of the model the authors chose them for.
  ///   - depth: the model's depth.
  ///   - first: the first layer that can merge.
  /// - Returns: as many layers as are published, if the depth allows.
  static func fitted(
    _ published: [Int], publishedDepth: Int, depth: Int, first: Int
  ) -> [Int] {
    if let last = published.last, last < depth { return published }
    var fitted: [Int] = []
    for (index, layer) in published.enumerated() {
      let scaled = Int((Double(layer * depth) / Double(publishedDepth)).rounded(.toNearestOrEven))
      // Rounding can give two entries the same layer: keep them apart, and leave room for the rest.
      let lowest = (fitted.last ?? first - 1) + 1
      let highest = depth - (published.count - index)
      fitted.append(max(lowest, min(scaled, highest)))
    }
    return fitted.filter { $0 < depth }
  }
}
