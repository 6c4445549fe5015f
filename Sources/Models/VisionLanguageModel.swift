import Compute
import Diagnostics
import Media
import Merging
import Tokenizer

/// A model that answers questions about pictures and videos; one conforming type per family.
public protocol VisionLanguageModel: Sendable {
  /// Its words.
  var tokenizer: Tokenizer { get }
  /// Ids that end an answer.
  var stopTokens: Set<Int32> { get }
  /// Bytes of all weights as they are held.
  var weightBytes: Int { get }
  /// Bytes among them that are in memory of their own, not in a mapped file.
  var ownedWeightBytes: Int { get }
  /// The matrices that are held in 8 bits, by name; empty for other precisions.
  var packedWeights: [(name: String, weights: PackedWeights)] { get }
  /// How keys and values are held unless a question asks for fewer bits.
  var cacheElementType: ElementType { get }
  /// What the user should know about how the model was loaded; mostly nothing.
  var notes: [String] { get }
  /// Which frames of a video are looked at unless the user says otherwise.
  var sampling: FrameSampling { get }

  /// Pixels along the side of what becomes one visual token.
  var tokenSide: Int { get }

  /// The size a picture is brought to, in pixels; `maxPixels` lowers the model's own limit.
  func imageSize(
    height: Int, width: Int, maxPixels: Int?
  ) throws(Failure) -> (height: Int, width: Int)
  /// The size a video's frames are brought to, in pixels.
  func videoSize(
    frames: Int, height: Int, width: Int, maxPixels: Int?
  ) throws(Failure) -> (height: Int, width: Int)

  /// Settles what was asked of the merging for this model's layers.
  func resolve(_ parameters: MergeParameters) throws(Failure) -> ResolvedMerging

  /// The segments that a picture or a video of this size is cut into.
  func grids(_ kind: MediaKind, frames: Int, height: Int, width: Int) -> [PatchGrid]

  /// What a question of this size needs at most, from the same sizes its buffers are made with.
  func memoryCost(
    of shape: WorkShape, merging: ResolvedMerging, threads: Int
  ) -> MemoryCost

  /// What a question of this size takes to compute.
  func workLoad(of shape: WorkShape, merging: ResolvedMerging) -> WorkLoad

  /// The question as ids, without computing anything.
  func assemble(_ question: Question) throws(Failure) -> AssembledPrompt

  /// Looks at the question's pictures and videos.
  func see(
    _ question: Question, merging: ResolvedMerging, threads: ThreadTeam, observer: ComputeObserver
  ) throws(Failure) -> SeenQuestion

  /// Reads the question and what was seen.
  ///
  /// - Parameters:
  ///   - room: tokens that may be generated afterwards.
  ///   - narrowsCache: whether keys and values are held in bf16, whatever the model's own type.
  func read(
    _ seen: SeenQuestion, room: Int, merging: ResolvedMerging, narrowsCache: Bool,
    threads: ThreadTeam, observer: ComputeObserver
  ) throws(Failure) -> Generation

  /// Adds a token to the answer and computes the logits that follow it.
  func advance(
    _ generation: Generation, by token: Int32, threads: ThreadTeam
  ) throws(Failure)
}
