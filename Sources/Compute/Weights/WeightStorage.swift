/// A tensor's bytes in a mapped file or in memory, kept alive by their owner.
///
/// The elements are row-major and never converted as a whole; layers read them in place.
public struct WeightStorage: @unchecked Sendable {
  // Unchecked: the bytes are read-only for the life of `owner`.

  /// The size of each dimension, outermost first.
  public let shape: [Int]
  /// The type of each element.
  public let elementType: ElementType
  /// The first element; `count * elementType.size` bytes are readable.
  public let base: UnsafeRawPointer
  /// Keeps the bytes mapped or allocated.
  public let owner: AnyObject
  /// Whether products with many rows may round their inputs to bf16, where the weights are bf16 and
  /// rounding is faster.
  public var mayRoundInputs = false

  /// Wraps bytes that `owner` keeps alive.
  public init(
    shape: [Int], elementType: ElementType, base: UnsafeRawPointer, owner: AnyObject
  ) {
    self.shape = shape
    self.elementType = elementType
    self.base = base
    self.owner = owner
  }

  /// The number of elements.
  public var count: Int { shape.reduce(1, *) }
}
