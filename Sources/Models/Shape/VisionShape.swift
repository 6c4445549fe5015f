/// The numbers that describe an image encoder.
public struct VisionShape: Sendable, Equatable {
  /// Blocks.
  public var depth: Int
  /// Elements of a patch's hidden state.
  public var hiddenSize: Int
  /// Elements inside the MLP.
  public var intermediateSize: Int
  /// Whether the MLP is gated.
  public var hasGate: Bool
  /// Attention heads.
  public var heads: Int
  /// Pixels along a patch's side.
  public var patchSize: Int
  /// Frames in a patch.
  public var patchFrames: Int
  /// Patches along a group's side; a group becomes one visual token.
  public var mergeSize: Int
  /// Elements of a visual token: the language model's hidden size.
  public var outputSize: Int
  /// Elements between the two products of the merger that makes visual tokens.
  public var mergerSize: Int
  /// Blocks after which features for the language model are taken, besides those of the last block
  /// (DeepStack), ascending.
  public var featureLayers: [Int]
  /// The windows that patches attend within; `nil` where every patch attends to its whole segment.
  public var windows: VisionWindows?
  /// Whether a segment has a row before its patches that stands for the whole (a class token). It takes
  /// part in attention and is never merged; it becomes no visual token.
  public var hasClassToken: Bool

  /// A shape from its parts.
  ///
  /// - Parameter mergerSize: `nil` for the size of a group.
  public init(
    depth: Int, hiddenSize: Int, intermediateSize: Int, hasGate: Bool = false, heads: Int,
    patchSize: Int, patchFrames: Int, mergeSize: Int, outputSize: Int, mergerSize: Int? = nil,
    featureLayers: [Int] = [], windows: VisionWindows? = nil, hasClassToken: Bool = false
  ) {
    self.depth = depth
    self.hiddenSize = hiddenSize
    self.intermediateSize = intermediateSize
    self.hasGate = hasGate
    self.heads = heads
    self.patchSize = patchSize
    self.patchFrames = patchFrames
    self.mergeSize = mergeSize
    self.outputSize = outputSize
    self.mergerSize = mergerSize ?? hiddenSize * mergeSize * mergeSize
    self.featureLayers = featureLayers
    self.windows = windows
    self.hasClassToken = hasClassToken
  }

  /// Elements per head.
  public var headSize: Int { hiddenSize / heads }
  /// Patches per group.
  public var groupSize: Int { mergeSize * mergeSize }
  /// Rows of a segment besides its patches.
  public var extraRows: Int { hasClassToken ? 1 : 0 }
  /// Numbers in a patch: channels × frames × side × side.
  public var patchElements: Int { 3 * patchFrames * patchSize * patchSize }

  /// The grid of patches that an image of this size is cut into; both sides are multiples of a
  /// group's.
  public func grid(height: Int, width: Int) -> PatchGrid {
    PatchGrid(height: height / patchSize, width: width / patchSize, mergeSize: mergeSize)
  }
}
