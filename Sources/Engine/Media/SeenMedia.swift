import Media
import Merging
import Models
import Options

/// What was seen of one question's media, for further questions about the same.
struct SeenMedia {
  /// Everything that decides what the model is shown.
  struct Key: Equatable {
    let media: [MediaItem]
    let framesPerSecond: Double?
    let frames: Int?
    let maxPixels: Int?
    let limits: MediaLimits
    /// How much less was shown, where memory was short; `nil` for all that was asked for.
    let shown: [ShownLimit]?

    /// - Returns: `nil` where pictures are shrunk to be compared with merging: nobody asks twice.
    init?(_ request: Request, shown: [ShownLimit]?) {
      guard request.shrinksLike == nil else { return nil }
      media = request.media
      framesPerSecond = request.framesPerSecond
      frames = request.frames
      maxPixels = request.maxPixels
      limits = request.limits
      self.shown = shown
    }
  }

  /// Everything that decides what the image encoder makes of it.
  struct EncodingKey: Equatable {
    let shown: Key
    let merging: ResolvedMerging

    init(_ shown: Key, _ merging: ResolvedMerging) {
      self.shown = shown
      // What the LLM will merge does not matter here, nor what made the ViT's share what it is.
      var vision = merging
      vision.text = MergeStage(.text, layers: [], retention: .share(1), mode: merging.text.mode)
      vision.textChoice = .attention
      vision.visionMinTokens = 0
      vision.notes = []
      self.merging = vision
    }
  }

  /// Decoded and resized, with what the files are.
  var decoded: (key: Key, visuals: [Visual], sources: [Source])?
  /// Through the image encoder.
  var encoded: (key: EncodingKey, seen: EncodedQuestion)?
}
