import CKernels

/// How the weights of a packed matrix are held. Outputs are in panels of 32 and inputs in groups of 32 in
/// all of them.
public enum PackedLayout: Sendable, CaseIterable {
  /// 8 bits and a bf16 scale per group: 8.5 bits a weight.
  case eight
  /// 8 bits and an f16 scale per group, as GGUF's Q8_0: 8.5 bits a weight.
  case halfEight
  /// 4 bits; scale and minimum of a group are codes of 8 bits, times a pair of f16 for 8 groups, as GGUF's
  /// Q4_K: 4.625 bits a weight.
  case four
  /// 5 bits in the same way, as GGUF's Q5_K: 5.625 bits a weight.
  case five
  /// 6 bits; the scale of half a group is a code of 8 bits, times an f16 for 8 groups, as GGUF's Q6_K:
  /// 6.5625 bits a weight.
  case six
  /// 4 bits; scale and minimum of a group are f16, as GGUF's Q4_0 and Q4_1: 5 bits a weight.
  case plainFour

  /// The name of this layout, for files in this layout.
  public var name: String {
    switch self {
    case .eight: "u8-group32-panel32"
    case .halfEight: "u8f16-group32-panel32"
    case .four: "u4-span8-group32-panel32"
    case .five: "u5-span8-group32-panel32"
    case .six: "u6-span8-group32-panel32"
    case .plainFour: "u4-group32-panel32"
    }
  }

  /// The kernels' constant for this layout.
  var panel: illava_panel {
    switch self {
    case .eight: illava_panel_int8
    case .halfEight: illava_panel_half8
    case .four: illava_panel_four
    case .five: illava_panel_five
    case .six: illava_panel_six
    case .plainFour: illava_panel_plain4
    }
  }
}
