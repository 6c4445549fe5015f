import Options

extension LayerList {
  /// The published layers where a model has them and they are not scaled, otherwise layers at the same
  /// fractions of its depth.
  ///
  /// - Parameters:
  ///   - chosen: the family's layers, ascending, and the depth of the model they were chosen for.
  ///   - depth: the model's depth.
  ///   - first: the first layer that can merge.
  /// - Returns: as many layers as are published, if the depth allows.
  static func fitted(
    _ chosen: MergeTarget.Layers, depth: Int, first: Int
  ) -> [Int] {
    let published = chosen.layers
    if !chosen.isScaled, let last = published.last, last < depth { return published }
    var fitted: [Int] = []
    for (index, layer) in published.enumerated() {
      let scaled = Int((Double(layer * depth) / Double(chosen.depth)).rounded(.toNearestOrEven))
      // Rounding can give two entries the same layer: keep them apart, and leave room for the rest.
      let lowest = (fitted.last ?? first - 1) + 1
      let highest = depth - (published.count - index)
      fitted.append(max(lowest, min(scaled, highest)))
    }
    return fitted.filter { $0 < depth }
  }
}
