import Compute

/// The size of a question before it is computed: all that its memory depends on.
public struct WorkShape: Sendable, Equatable {
  /// The grid of every segment.
  public var grids: [PatchGrid]
  /// Bytes of the pictures and frames as the model sees them.
  public var frameBytes: Int
  /// Bytes that decoding takes while it lasts.
  public var decodingBytes = 0
  /// Bytes that drawing what was seen takes once the question is answered.
  public var drawingBytes = 0
  /// Tokens of the prompt that are not visual.
  public var textTokens: Int
  /// Tokens that may be generated.
  public var newTokens: Int
  /// Rows that an MLP takes at a time.
  public var rowsAtOnce = ThreadTeam.maxRowsAtOnce
  /// Whether keys and values are held in bf16 even where the model would hold them in f32.
  public var narrowsCache = false

  /// A shape from its parts.
  public init(grids: [PatchGrid], frameBytes: Int, textTokens: Int, newTokens: Int) {
    self.grids = grids
    self.frameBytes = frameBytes
    self.textTokens = textTokens
    self.newTokens = newTokens
  }

  /// Visual tokens unmerged.
  public var visualTokens: Int { grids.reduce(0) { $0 + $1.groups } }
}
