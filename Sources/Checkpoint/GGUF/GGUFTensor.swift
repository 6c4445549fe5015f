import Compute

/// One tensor of a mapped GGUF file.
///
/// `bytes` are what the file has: rows of numbers for F32, F16 and BF16, otherwise rows of blocks.
/// `blocks` gives the latter as a matrix, for whoever computes with blocks or packs them anew.
public struct GGUFTensor: @unchecked Sendable {
  // Unchecked: the bytes are read-only for the life of `owner`.

  /// The name in the file, such as `blk.0.attn_q.weight`.
  public let name: String
  /// How the numbers are stored.
  public let type: GGUFType
  /// The extents, outermost first as in safetensors files; GGUF files list them the other way round.
  public let shape: [Int]
  /// Where the bytes lie, counted from the beginning of the file.
  public let range: Range<Int>
  /// The numbers or blocks, valid while `owner` lives. They start at a multiple of the file's
  /// alignment, 32 bytes unless the file says otherwise.
  public let bytes: UnsafeRawBufferPointer
  /// Keeps the bytes mapped.
  public let owner: AnyObject

  /// The tensor as a matrix of blocks, `[all extents but the last, the last]`; `nil` for other types.
  public var blocks: StoredBlocks? {
    guard let type = type.blocks, let columns = shape.last else { return nil }
    // The header's check has bounded the product.
    return StoredBlocks(
      type: type, rows: shape.dropLast().reduce(1, *), columns: columns, bytes: bytes, owner: owner)
  }
}
