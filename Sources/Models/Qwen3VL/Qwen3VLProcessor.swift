import Diagnostics
import Media
import Options
import Tokenizer

@preconcurrency import Glibc

/// Turns a question into the model's input: sizes, views, and the token ids of the chat prompt (HF
/// `Qwen3VLProcessor`, which Qwen3.5 uses, too).
struct Qwen3VLProcessor: Sendable {
  /// Sizes and colors of images.
  let images: ProcessorConfiguration
  /// Sizes, colors and sampling of videos.
  let videos: ProcessorConfiguration

  private let shape: ModelShape
  private let imageToken: Int32
  private let videoToken: Int32
  private let tokenizer: Tokenizer
  private let chat: ChatFormat
  /// The prompts of models that think; `nil` for those of Qwen3-VL.
  private let thinking: ThinkingFormat?

  /// - Parameters:
  ///   - image: the placeholder of images.
  ///   - video: the placeholder of videos.
  ///   - thinking: the format of models that think; `nil` for others.
  /// - Throws: `model.config`, or `model.special-token` when the vocabulary lacks one of the chat
  ///   format's tokens.
  init(
    _ shape: ModelShape, image: Int32, video: Int32, _ files: ModelFiles, tokenizer: Tokenizer,
    thinking: ThinkingFormat? = nil
  ) throws(Failure) {
    self.shape = shape
    imageToken = image
    videoToken = video
    self.tokenizer = tokenizer
    self.thinking = thinking
    images = try ProcessorConfiguration(
      .images, of: files, defaults: .imageDefaults)
    // A folder without a video configuration gets the defaults of Transformers; without a folder, the
    // published sizes apply.
    videos = try ProcessorConfiguration(
      .videos, of: files,
      defaults: files.hasFolder ? .videoDefaults : .publishedVideos)
    chat = try ChatFormat(tokenizer, vocabularySize: shape.text.vocabularySize)
  }

  /// One view of an image, or one for every pair of a video's frames.
  ///
  /// - Parameter maxPixels: a limit on an image or on each frame, below the model's; `nil` for none.
  /// - Throws: `media.proportions`.
  func layout(of media: MediaShape, maxPixels: Int?) throws(Failure) -> MediaLayout {
    let size: (height: Int, width: Int)
    switch media.kind {
    case .image:
      size = try resize(images, maxPixels: maxPixels).image(
        height: media.height, width: media.width)
    case .video:
      // The model's limit is on all frames together.
      let (limit, overflow) = (maxPixels ?? videos.maxPixels).multipliedReportingOverflow(
        by: max(1, media.frames))
      let all = maxPixels == nil || overflow ? videos.maxPixels : limit
      size = try resize(videos, maxPixels: all).video(
        frames: media.frames, height: media.height, width: media.width,
        temporalFactor: shape.vision.patchFrames)
    }
    return MediaLayout(
      whole: PixelSize(width: size.width, height: size.height), of: media,
      depth: shape.vision.patchFrames,
      grid: shape.vision.grid(height: size.height, width: size.width))
  }

  private func resize(_ limits: ProcessorConfiguration, maxPixels: Int?) -> SmartResize {
    let most = min(limits.maxPixels, max(1, maxPixels ?? limits.maxPixels))
    return SmartResize(
      factor: shape.tokenSide, minPixels: min(limits.minPixels, most), maxPixels: most)
  }

  /// The chat prompt: an optional system turn, the user's turn with images and videos before the
  /// text, and the beginning of the assistant's turn.
  func prompt(_ question: Question) throws(Failure) -> Prompt {
    var writer = PromptWriter(tokenizer, shape.text, axes: 3)
    let trimmed = thinking?.trimmed(question) ?? question
    if let system = trimmed.system { chat.turn("system", system, to: &writer) }
    chat.begin("user", to: &writer)
    let segments = question.segments
    for (source, visual) in question.visuals.enumerated() {
      let isMarked = question.choices.videoMarkers == .outer && visual.kind == .video
      if isMarked { chat.beginVisual(to: &writer) }
      write(segments.filter { $0.source == source }, of: question, to: &writer)
      if isMarked { chat.endVisual(to: &writer) }
    }
    chat.ask(trimmed, to: &writer)
    try thinking?.writeTail(question.choices.thinking, to: &writer)
    return try writer.finish()
  }

  /// Writes the views of one image or video.
  private func write(_ segments: [Segment], of question: Question, to writer: inout PromptWriter) {
    for segment in segments {
      if segment.isVideo {
        let times = question.visuals[segment.source].timestamps
        writer.text("<\(oneDecimal(time(of: segment.view.images, times))) seconds>")
      }
      let grid = segment.grid
      chat.run([segment], placeholder: segment.isVideo ? videoToken : imageToken, to: &writer) {
        $0.appendGrid(down: grid.groupsDown, across: grid.groupsAcross)
      }
    }
  }

  /// The time written before a view of a video: the mean of its first and its last frame's.
  private func time(of frames: Range<Int>, _ times: [Double]) -> Double {
    guard times.indices.contains(frames.lowerBound) else { return 0 }
    return (times[frames.lowerBound] + times[min(frames.upperBound, times.count) - 1]) / 2
  }

  /// Python's `f"{value:.1f}"`: the exact binary value, rounded half to even, as C prints it.
  private func oneDecimal(_ value: Double) -> String {
    var buffer = [CChar](repeating: 0, count: 64)
    let length = withVaList([value]) { vsnprintf(&buffer, buffer.count, "%.1f", $0) }
    return String(
      decoding: buffer.prefix(max(0, Int(length))).map(UInt8.init(bitPattern:)), as: UTF8.self)
  }
}
