/// One tensor of a mapped file, of any element type.
public struct TensorEntry: @unchecked Sendable {
  // Unchecked: the bytes are read-only for the life of `owner`.

  /// The name in the header.
  public let name: String
  /// The element type as the header spells it, such as `BF16` or `I64`.
  public let dtype: String
  /// The extents, outermost first; empty for a scalar.
  public let shape: [Int]
  /// Where the bytes lie, counted from the beginning of the file.
  public let range: Range<Int>
  /// The elements, row-major and little-endian, valid while `owner` lives.
  ///
  /// They need not be aligned to the element size: older files pack types of different widths.
  public let bytes: UnsafeRawBufferPointer
  /// Keeps the bytes mapped.
  public let owner: AnyObject
}
