import Diagnostics
import Media
import Tokenizer

/// Turns a question into the model's input: sizes, views, and the token ids of the chat prompt (HF
/// `Qwen2VLProcessor`, `Qwen2_5_VLProcessor`).
struct Qwen2VLProcessor: Sendable {
  /// Sizes and colors of images.
  let images: ProcessorConfiguration
  /// Sizes, colors and sampling of videos; the sizes are those of a frame.
  let videos: ProcessorConfiguration

  private let shape: ModelShape
  private let imageToken: Int32
  private let videoToken: Int32
  private let tokensPerSecond: Double?
  private let tokenizer: Tokenizer
  private let chat: ChatFormat

  /// The system turn of a question that has none (the chat template's).
  private static let system = "You are a helpful assistant."
  /// The frame rate of a video whose rate is not known (HF `fps`).
  private static let frameRate = 2.0

  /// - Throws: `model.config`, or `model.special-token` when the vocabulary lacks one of the chat
  ///   format's tokens.
  init(
    _ configuration: Qwen2VLConfiguration, _ files: ModelFiles, tokenizer: Tokenizer
  ) throws(Failure) {
    shape = configuration.shape
    imageToken = configuration.imageTokenID
    videoToken = configuration.videoTokenID
    tokensPerSecond = configuration.vision.tokensPerSecond
    self.tokenizer = tokenizer
    images = try .qwen2VLImages(files)
    videos = try .qwen2VLVideos(files, images: images)
    chat = try ChatFormat(tokenizer, vocabularySize: configuration.text.vocabularySize)
  }

  /// One view of an image, or one for every pair of a video's frames; all views of a video are one run.
  ///
  /// - Parameter maxPixels: a limit on an image or on each frame, below the model's; `nil` for none.
  /// - Throws: `media.proportions`.
  func layout(of media: MediaShape, maxPixels: Int?) throws(Failure) -> MediaLayout {
    let limits = media.kind == .image ? images : videos
    let most = min(limits.maxPixels, max(1, maxPixels ?? limits.maxPixels))
    let size = try SmartResize(
      factor: shape.tokenSide, minPixels: min(limits.minPixels, most), maxPixels: most
    ).image(height: media.height, width: media.width)
    var layout = MediaLayout(
      whole: PixelSize(width: size.width, height: size.height), of: media,
      depth: shape.vision.patchFrames,
      grid: shape.vision.grid(height: size.height, width: size.width))
    layout.runs = [layout.views.indices]
    return layout
  }

  /// The chat prompt: a system turn, the user's turn with images and videos before the text, and the
  /// beginning of the assistant's turn.
  func prompt(_ question: Question) throws(Failure) -> Prompt {
    var writer = PromptWriter(tokenizer, shape.text, axes: 3)
    chat.turn("system", question.system ?? Self.system, to: &writer)
    chat.begin("user", to: &writer)
    var next = 0
    let segments = question.segments
    for visual in question.visuals {
      for run in visual.layout.runs {
        let views = Array(segments[next + run.lowerBound..<next + run.upperBound])
        let token = visual.kind == .video ? videoToken : imageToken
        chat.run(views, placeholder: token, to: &writer) { positions in
          guard let grid = views.first?.grid else { return }
          positions.appendGrid(
            down: grid.groupsDown, across: grid.groupsAcross,
            times: times(of: views.count, visual))
        }
      }
      next += visual.layout.views.count
    }
    chat.ask(question, to: &writer)
    return try writer.finish()
  }

  /// The positions in time of a run's views: pairs of frames counted, or their seconds times the positions
  /// per second, rounded down (HF `get_rope_index`). Seconds per pair are not cut to an integer before, as
  /// Transformers 4.57 does: at four frames a second all pairs would get the same time.
  private func times(of views: Int, _ visual: Visual) -> [Int] {
    guard visual.kind == .video, let tokensPerSecond else { return Array(0..<views) }
    let rate = visual.frameRate.flatMap { $0.isFinite && $0 > 0 ? $0 : nil } ?? Self.frameRate
    // Positions are exact as f32 up to 2^24.
    let most = Double(1 << 24)
    let step = min(Double(shape.vision.patchFrames) / rate * tokensPerSecond, most)
    return (0..<views).map { Int(min(Double($0) * step, most)) }
  }
}
