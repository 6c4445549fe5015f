import Media
import Merging

/// One question with all that decides its answer.
public struct Request: Sendable {
  /// Pictures and videos, in the order the prompt shows them.
  public var media: [MediaItem] = []
  /// What is asked.
  public var prompt: String
  /// The text of a system turn, if any.
  public var system: String?
  /// How visual tokens are merged.
  public var merging = MergeParameters()
  /// Frames per second of video, instead of the model's own rate.
  public var framesPerSecond: Double?
  /// An exact number of frames of a video.
  public var frames: Int?
  /// The most pixels a picture or a frame is shown with.
  public var maxPixels: Int?
  /// Shows pictures and frames with about as many tokens as this merging would leave of them: the
  /// plain way to spend as much, which merging has to beat.
  public var shrinksLike: MergeParameters?
  /// What is refused before it is decoded.
  public var limits = MediaLimits()
  /// How much memory the question may take, and how far it may be cut down to fit.
  public var memory = MemoryRules()
  /// The most tokens that are generated.
  public var maxNewTokens = 256
  /// How tokens are chosen.
  public var sampling = Sampler.Options()
  /// Whether the model's stop tokens end the answer.
  public var stops = true
  /// Whether the answer hands on the pictures and frames as the model saw them: 3 bytes a pixel
  /// that would otherwise be released after the image encoder.
  public var keepsVisuals = false
  /// Bytes that whoever keeps the visuals takes to draw a source with so many frames: part of the plan.
  public var drawing: (@Sendable (_ source: Source, _ frames: Int) -> Int)?

  /// A question.
  public init(prompt: String) { self.prompt = prompt }
}
