import Compute
import Diagnostics
import Merging

/// A prompt that has been read and the answer that grows behind it.
public final class Generation {
  /// The logits that follow the last token, `[vocabulary]`.
  public internal(set) var logits: [Float]
  /// What every merging layer did, in the ViT and then in the LLM.
  public let steps: [MergeStep]
  /// Visual tokens of each segment after the ViT.
  public let visionCounts: [Int]
  /// Each segment's surviving groups after the last merging layer, by original index, ascending.
  public let survivors: [[Int]]
  /// Rows in each layer's cache after the prefill.
  public let cacheLengths: [Int]

  let caches: [LayerCache]
  /// The position of the next token: after the largest of the unmerged prompt.
  var nextPosition: Int
  let decodeBuffers: TextBuffers
  private let decodeMatrix: Matrix

  /// `[1, hidden]`: the token on its way.
  var decodeRow: MatrixView { decodeMatrix.view }

  init(
    caches: [LayerCache], logits: [Float], nextPosition: Int, steps: [MergeStep],
    visionCounts: [Int], survivors: [[Int]], configuration: TextConfiguration
  ) throws(Failure) {
    self.caches = caches
    self.logits = logits
    self.nextPosition = nextPosition
    self.steps = steps
    self.visionCounts = visionCounts
    self.survivors = survivors
    cacheLengths = caches.map(\.count)
    decodeBuffers = try TextBuffers(rows: 1, configuration)
    decodeMatrix = try Matrix(rows: 1, columns: configuration.hiddenSize)
  }
}
