import Media
import Merging
import Models
import Options

/// One question with everything that decides its answer.
public struct Request: Sendable {
  /// Images and videos, in the order of the prompt.
  public var media: [MediaItem] = []
  /// The text of the question.
  public var prompt: String
  /// The earlier questions about the media with their answers, in order.
  public var turns: [Turn] = []
  /// The text of a system turn, if any.
  public var system: String?
  /// What is chosen about the form of the prompt.
  public var choices = PromptChoices()
  /// How visual tokens are merged.
  public var merging = MergeParameters()
  /// Frames per second of video, instead of the model's own rate.
  public var framesPerSecond: Double?
  /// An exact number of frames of a video.
  public var frames: Int?
  /// How the frames of a video are chosen.
  public var frameChoice = FrameChoice.uniform
  /// The most pixels of an image or a frame as it is shown.
  public var maxPixels: Int?
  /// The color behind the transparent parts of images and videos.
  public var background = BackgroundColor.white
  /// The most pages of a document that are looked at, each as an image of its own.
  public var pages = 8
  /// Shrinks images and frames to about as many tokens as this merging would leave of them: the simple
  /// alternative at equal cost, for comparison with merging.
  public var shrinksLike: MergeParameters?
  /// Limits on files; what exceeds them is refused before it is decoded.
  public var limits = MediaLimits()
  /// How much memory the question may take, and how far it may be reduced to fit.
  public var memory = MemoryRules()
  /// The most tokens that are generated.
  public var maxNewTokens = 256
  /// What the answer may be.
  public var form = AnswerForm.free
  /// The calibration of the probabilities of choices.
  public var choiceCalibration: ChoiceCalibration?
  /// How many of the likeliest tokens are told at each place of the answer.
  public var topLogprobs = 0
  /// How tokens are chosen.
  public var sampling = Sampler.Options()
  /// Whether the model's stop tokens end the answer.
  public var stops = true
  /// Whether the answer keeps the images and frames as the model saw them: 3 bytes per pixel that would
  /// otherwise be freed after the image encoder.
  public var keepsVisuals = false
  /// The bytes that drawing a source with this many frames takes, for the plan; `nil` where nothing is
  /// drawn.
  public var drawing: (@Sendable (_ source: Source, _ frames: Int) -> Int)?

  /// Tokens that the answer may have, the thought before it included.
  func answerRoom(opensThought: Bool) -> Int {
    guard let longest = form.longestChoice else { return maxNewTokens }
    // A space may come before a choice.
    return (opensThought ? maxNewTokens : 0) + 1 + longest
  }

  /// How its files are read.
  public var reading: MediaReading { MediaReading(limits: limits, background: background) }

  /// A question.
  public init(prompt: String) { self.prompt = prompt }
}
