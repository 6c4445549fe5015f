import CKernels

/// How the numbers of a row are stored in blocks that share scales; the raw values are those of GGUF
/// files (`ggml_type`).
///
/// The bytes of a block, in order; two numbers of four bits lie in a byte with the lower half first,
/// and scales are f16 unless something else is said:
/// - `q4_0`, `q5_0`, `q8_0`, `iq4NL` (32 numbers): the scale; for `q5_0` four bytes of fifth bits; the
///   numbers.
/// - `q4_1`, `q5_1` (32): the scale, the minimum, for `q5_1` the fifth bits, the numbers.
/// - `q4K`, `q5K` (256): the scale of the scales, that of the minima, twelve bytes with a scale and a
///   minimum of six bits for each group of 32, for `q5K` 32 bytes of fifth bits, 128 bytes of numbers.
/// - `q6K` (256): 128 bytes with the lower four bits, 64 with the upper two, an 8-bit scale for each
///   group of 16, the scale of the scales.
/// - `q2K`, `q3K`, `iq4XS` (256): see `blocks.c`.
///
/// Source: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md.
public enum BlockType: UInt32, Sendable, CaseIterable {
  case q4_0 = 2
  case q4_1 = 3
  case q5_0 = 6
  case q5_1 = 7
  case q8_0 = 8
  case q2K = 10
  case q3K = 11
  case q4K = 12
  case q5K = 13
  case q6K = 14
  case iq4NL = 20
  case iq4XS = 23

  /// Numbers in a block: 32 or 256. The columns of a matrix are a multiple of it.
  public var numbers: Int { illava_block_numbers(kernelType) }
  /// Bytes of a block.
  public var bytes: Int { illava_block_bytes(kernelType) }

  /// Bits that a number takes, with its share of the scales.
  public var bits: Double { Double(bytes * 8) / Double(numbers) }

  var kernelType: illava_block { illava_block(rawValue: rawValue) }
}
