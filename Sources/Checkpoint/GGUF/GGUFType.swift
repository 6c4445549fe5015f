import Compute

/// Every type of a tensor in a GGUF file; some of them are only known by name and size.
///
/// Source: `ggml_type` in https://github.com/ggml-org/ggml/blob/master/docs/gguf.md and the tables of
/// llama.cpp's `gguf` for Python.
public enum GGUFType: UInt32, Sendable, CaseIterable {
  case f32 = 0
  case f16 = 1
  case q4_0 = 2
  case q4_1 = 3
  case q5_0 = 6
  case q5_1 = 7
  case q8_0 = 8
  case q8_1 = 9
  case q2K = 10
  case q3K = 11
  case q4K = 12
  case q5K = 13
  case q6K = 14
  case q8K = 15
  case iq2XXS = 16
  case iq2XS = 17
  case iq3XXS = 18
  case iq1S = 19
  case iq4NL = 20
  case iq3S = 21
  case iq2S = 22
  case iq4XS = 23
  case i8 = 24
  case i16 = 25
  case i32 = 26
  case i64 = 27
  case f64 = 28
  case iq1M = 29
  case bf16 = 30
  case tq1_0 = 34
  case tq2_0 = 35
  case mxfp4 = 39
  case nvfp4 = 40

  /// The type as llama.cpp writes it, such as `Q4_K`.
  public var name: String {
    switch self {
    case .q2K: "Q2_K"
    case .q3K: "Q3_K"
    case .q4K: "Q4_K"
    case .q5K: "Q5_K"
    case .q6K: "Q6_K"
    case .q8K: "Q8_K"
    case .iq2XXS: "IQ2_XXS"
    case .iq2XS: "IQ2_XS"
    case .iq3XXS: "IQ3_XXS"
    case .iq1S: "IQ1_S"
    case .iq4NL: "IQ4_NL"
    case .iq3S: "IQ3_S"
    case .iq2S: "IQ2_S"
    case .iq4XS: "IQ4_XS"
    case .iq1M: "IQ1_M"
    default: "\(self)".uppercased()
    }
  }

  /// The numbers and the bytes of a block; a number by itself is a block of one.
  var block: (numbers: Int, bytes: Int) {
    if let blocks { return (blocks.numbers, blocks.bytes) }
    return switch self {
    case .i8: (1, 1)
    case .f16, .bf16, .i16: (1, 2)
    case .f32, .i32: (1, 4)
    case .f64, .i64: (1, 8)
    case .q8_1: (32, 36)
    case .q8K: (256, 292)
    case .iq2XXS: (256, 66)
    case .iq2XS: (256, 74)
    case .iq3XXS: (256, 98)
    case .iq1S: (256, 50)
    case .iq3S: (256, 110)
    case .iq2S: (256, 82)
    case .iq1M: (256, 56)
    case .tq1_0: (256, 54)
    case .tq2_0: (256, 66)
    case .mxfp4: (32, 17)
    case .nvfp4: (64, 36)
    // The types of `BlockType`, which have returned.
    default: (1, 1)
    }
  }

  /// The type as kernels read it number by number; `nil` where they cannot.
  public var elementType: ElementType? {
    switch self {
    case .f32: .f32
    case .f16: .f16
    case .bf16: .bf16
    default: nil
    }
  }

  /// The type as blocks that can be widened; `nil` where they cannot.
  public var blocks: BlockType? { BlockType(rawValue: rawValue) }

  /// The bytes of a tensor; `nil` where its rows are not whole blocks, or the number does not fit.
  ///
  /// - Parameter shape: the extents, outermost first.
  func byteCount(of shape: [Int]) -> Int? {
    let (numbers, bytes) = block
    guard (shape.last ?? 1).isMultiple(of: numbers) else { return nil }
    // Without the empty extents, so that no product of some of the others overflows either.
    var count = 1
    for extent in shape {
      let (product, overflow) = count.multipliedReportingOverflow(by: max(1, extent))
      guard extent >= 0, !overflow else { return nil }
      count = product
    }
    if shape.contains(0) { return 0 }
    let (total, overflow) = (count / numbers).multipliedReportingOverflow(by: bytes)
    return overflow ? nil : total
  }
}
