import CKernels

/// A matrix `[rows, columns]` in blocks, as a GGUF file has it: row by row, the blocks of a row one after
/// the other, without gaps.
///
/// Whoever has kernels for a type takes the bytes as they are (`row(_:)`); everyone else widens rows to
/// f32. The bytes are not aligned: load what is wider than a byte unaligned.
public struct StoredBlocks: @unchecked Sendable {
  // Unchecked: the bytes are read-only for the life of `owner`.

  /// How a block is stored.
  public let type: BlockType
  /// The number of rows: the outputs of a product's matrix.
  public let rows: Int
  /// The number of columns, a multiple of `type.numbers`: the inputs of a product's matrix.
  public let columns: Int
  /// The first block; `byteCount` bytes are readable.
  public let base: UnsafeRawPointer
  /// Keeps the bytes mapped or allocated.
  public let owner: AnyObject

  /// Wraps bytes that `owner` keeps alive.
  ///
  /// - Returns: `nil` where the number of bytes does not match the shape, or a row has a part of a block.
  public init?(
    type: BlockType, rows: Int, columns: Int, bytes: UnsafeRawBufferPointer, owner: AnyObject
  ) {
    guard rows > 0, columns > 0, columns.isMultiple(of: type.numbers),
      let base = bytes.baseAddress
    else { return nil }
    let (count, overflow) = (columns / type.numbers).multipliedReportingOverflow(by: rows)
    guard !overflow, count < 1 << 46, count * type.bytes == bytes.count else { return nil }
    self.type = type
    self.rows = rows
    self.columns = columns
    self.base = base
    self.owner = owner
  }

  /// Bytes of a row.
  public var rowBytes: Int { columns / type.numbers * type.bytes }
  /// Bytes of all rows.
  public var byteCount: Int { rows * rowBytes }

  /// The bytes of row `index`, `[columns / type.numbers, type.bytes]`, valid while `owner` lives.
  public func row(_ index: Int) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(start: base + index * rowBytes, count: rowBytes)
  }

  /// Writes row `index` to `output` as f32, `[columns]`: the numbers that llama.cpp's `gguf` for Python
  /// gives, bit by bit.
  public func copyRow(_ index: Int, to output: UnsafeMutablePointer<Float>) {
    illava_widen_blocks(
      type.kernelType, base + index * rowBytes, output, columns / type.numbers)
  }
}
