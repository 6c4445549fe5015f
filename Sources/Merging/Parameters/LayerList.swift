import Diagnostics

/// A list of layers as the authors write it: `5-6-7-8`, ascending.
public struct LayerList: Sendable, Equatable {
  /// The layers, ascending, counted from 0.
  public let layers: [Int]

  /// Takes layers that are ascending and not negative.
  ///
  /// - Throws: `merging.layers`.
  public init(_ layers: [Int]) throws(Failure) {
    guard !layers.isEmpty, layers.allSatisfy({ $0 >= 0 }),
      zip(layers, layers.dropFirst()).allSatisfy(<)
    else { throw Self.malformed(layers.map(String.init).joined(separator: "-")) }
    self.layers = layers
  }

  /// Reads `5-6-7-8`.
  ///
  /// - Throws: `merging.layers` for anything but ascending numbers joined by hyphens.
  public init(text: String) throws(Failure) {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    let numbers = parts.compactMap { $0.allSatisfy(\.isASCII) ? Int($0) : nil }
    guard numbers.count == parts.count else { throw Self.malformed(text) }
    try self.init(numbers)
  }

  /// The authors' notation.
  public var text: String { layers.map(String.init).joined(separator: "-") }

  private static func malformed(_ text: String) -> Failure {
    Failure(
      .usage, code: .mergingLayers, "“\(text)” is not a list of merging layers",
      remedy: "Give ascending layer numbers joined by hyphens, such as 5-6-7-8.")
  }

  /// Published layers where a model has them, else the same fractions of its depth.
  ///
  /// - Parameters:
  ///   - published: the authors' layers, ascending.
  ///   - publishedDepth: the depth of the model the authors chose them for.
  ///   - depth: the model's depth.
  ///   - first: the first layer that can merge.
  /// - Returns: the layers; as many as there are published ones if the depth allows.
  static func fitted(
    _ published: [Int], publishedDepth: Int, depth: Int, first: Int
  ) -> [Int] {
    if let last = published.last, last < depth { return published }
    var fitted: [Int] = []
    for (index, layer) in published.enumerated() {
      let scaled = Int((Double(layer * depth) / Double(publishedDepth)).rounded(.toNearestOrEven))
      // Rounding can make two layers fall together: keep them apart, and leave room for the rest.
      let lowest = (fitted.last ?? first - 1) + 1
      let highest = depth - (published.count - index)
      fitted.append(max(lowest, min(scaled, highest)))
    }
    return fitted.filter { $0 < depth }
  }
}
