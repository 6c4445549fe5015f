import Media
import Merging
import Models
import Options

/// The decoded and encoded media of one question, kept for further questions about the same media.
struct SeenMedia {
  /// Everything that decides which pixels the model is shown.
  struct Key: Equatable {
    var media: [MediaItem]
    let framesPerSecond: Double?
    let frames: Int?
    let frameChoice: FrameChoice
    let maxPixels: Int?
    let background: BackgroundColor
    let pages: Int
    let limits: MediaLimits
    /// The limits on what was shown where memory was short; `nil` where everything asked for was shown.
    let shown: [ShownLimit]?

    /// - Returns: `nil` where images are shrunk for comparison with merging: such a question comes only
    ///   once.
    init?(_ request: Request, shown: [ShownLimit]?) {
      guard request.shrinksLike == nil else { return nil }
      media = request.media
      framesPerSecond = request.framesPerSecond
      frames = request.frames
      frameChoice = request.frameChoice
      maxPixels = request.maxPixels
      background = request.background
      pages = request.pages
      limits = request.limits
      self.shown = shown
    }
  }

  /// Everything that decides the image encoder's output.
  struct EncodingKey: Equatable {
    var shown: Key
    let merging: ResolvedMerging

    init(_ shown: Key, _ merging: ResolvedMerging) {
      self.shown = shown
      // The LLM's merging does not matter here, nor does the reason for the ViT's retention.
      var vision = merging
      vision.text = MergeStage(.text, layers: [], retention: .share(1), mode: merging.text.mode)
      vision.textChoice = .attention
      vision.visionMinTokens = 0
      vision.notes = []
      self.merging = vision
    }
  }

  /// Everything besides the prompt that decides what the language model remembers of it.
  struct ReadingKey: Equatable {
    var shown: Key
    let merging: ResolvedMerging
    let narrowsCache: Bool
  }

  /// The decoded and resized media, and a description of the files.
  var decoded: (key: Key, visuals: [Visual], sources: [Source])?
  /// The image encoder's output.
  var encoded: (key: EncodingKey, seen: EncodedQuestion)?
  /// The last prompt as the language model remembers it, and its answer.
  var read: (key: ReadingKey, generation: any Decoding)?
}
