/// Hears what products with packed weights read.
public protocol ProductObserver: Sendable {
  /// Called before a product.
  ///
  /// - Parameters:
  ///   - x: the input, `[rows, inputs]`.
  ///   - weights: where the weights begin.
  func reads(_ x: MatrixView, weights: UnsafeRawPointer)
}
