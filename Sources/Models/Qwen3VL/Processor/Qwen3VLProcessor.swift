import Checkpoint
import Diagnostics
import Media
import Tokenizer

@preconcurrency import Glibc

/// Turns a question into what the model reads: sizes, segments, and the chat prompt's ids
/// (HF `Qwen3VLProcessor`).
public struct Qwen3VLProcessor: Sendable {
  /// Sizes and colors of pictures.
  public let pictures: ProcessorConfiguration
  /// Sizes, colors and sampling of videos.
  public let videos: ProcessorConfiguration

  private let configuration: Qwen3VLConfiguration
  private let tokenizer: Tokenizer
  private let special: SpecialTokens

  /// The tokens the chat format is made of.
  private struct SpecialTokens: Sendable {
    let turnStart: Int32
    let turnEnd: Int32
    let visionStart: Int32
    let visionEnd: Int32
  }

  /// - Throws: `model.config`, or `model.special-token` when the vocabulary lacks one of the chat
  ///   format's tokens.
  init(
    _ configuration: Qwen3VLConfiguration, tokenizer: Tokenizer, pictures: ProcessorConfiguration,
    videos: ProcessorConfiguration
  ) throws(Failure) {
    self.configuration = configuration
    self.tokenizer = tokenizer
    self.pictures = pictures
    self.videos = videos
    func special(_ name: String) throws(Failure) -> Int32 {
      guard let id = tokenizer.id(ofSpecial: name),
        Int(id) < configuration.text.vocabularySize
      else {
        throw Failure(
          .modelUnusable, code: "model.special-token",
          "the model's tokenizer has no usable token \(name)",
          remedy: "use the tokenizer files that came with the weights")
      }
      return id
    }
    self.special = SpecialTokens(
      turnStart: try special("<|im_start|>"), turnEnd: try special("<|im_end|>"),
      visionStart: try special("<|vision_start|>"), visionEnd: try special("<|vision_end|>"))
  }

  /// The size a picture is brought to.
  ///
  /// - Parameter maxPixels: a lower limit than the model's, if any.
  /// - Throws: `media.proportions`.
  public func imageSize(
    height: Int, width: Int, maxPixels: Int?
  ) throws(Failure) -> (height: Int, width: Int) {
    try resize(pictures, maxPixels: maxPixels).picture(height: height, width: width)
  }

  /// The size a video's frames are brought to.
  ///
  /// - Parameter maxPixels: a limit for each frame, if any, below the model's for all of them.
  /// - Throws: `media.proportions`.
  public func videoSize(
    frames: Int, height: Int, width: Int, maxPixels: Int?
  ) throws(Failure) -> (height: Int, width: Int) {
    let (limit, overflow) = (maxPixels ?? videos.maxPixels).multipliedReportingOverflow(
      by: max(1, frames))
    let all = maxPixels == nil || overflow ? videos.maxPixels : limit
    return try resize(videos, maxPixels: all).video(
      frames: frames, height: height, width: width,
      temporalFactor: configuration.vision.temporalPatchSize)
  }

  private func resize(_ limits: ProcessorConfiguration, maxPixels: Int?) -> SmartResize {
    let most = min(limits.maxPixels, max(1, maxPixels ?? limits.maxPixels))
    return SmartResize(
      factor: configuration.vision.patchSize * configuration.vision.mergeSize,
      minPixels: min(limits.minPixels, most), maxPixels: most)
  }

  /// Cuts the visuals of a question into segments: a picture is one, a video one for every
  /// `temporalPatchSize` frames; a last group that is not full repeats its last frame.
  ///
  /// - Throws: `media.size` for frames whose sides are not multiples of a group's.
  func segments(_ visuals: [Visual]) throws(Failure) -> [VisionSegment] {
    let depth = configuration.vision.temporalPatchSize
    var segments: [VisionSegment] = []
    for (source, visual) in visuals.enumerated() {
      guard let first = visual.frames.first else { continue }
      let grid = try grid(of: first)
      for start in stride(from: 0, to: visual.frames.count, by: depth) {
        let frames = Array(visual.frames[start..<min(start + depth, visual.frames.count)])
        segments.append(
          VisionSegment(frames: frames, grid: grid, source: source, isVideo: visual.kind == .video))
      }
    }
    return segments
  }

  private func grid(of image: RGBImage) throws(Failure) -> PatchGrid {
    let vision = configuration.vision
    let factor = vision.patchSize * vision.mergeSize
    guard image.height.isMultiple(of: factor), image.width.isMultiple(of: factor),
      image.height > 0, image.width > 0, image.pixels.count == image.height * image.width * 3
    else {
      throw Failure(
        .fault, code: "media.size",
        "a picture of \(image.width)×\(image.height) does not divide into groups of \(factor) pixels"
      )
    }
    return PatchGrid(
      height: image.height / vision.patchSize, width: image.width / vision.patchSize,
      mergeSize: vision.mergeSize)
  }

  /// The chat prompt: an optional system turn, the user's turn with pictures and videos before the
  /// text, and the beginning of the assistant's turn.
  func assemble(_ question: Question, segments: [VisionSegment]) throws(Failure) -> AssembledPrompt
  {
    var writer = PromptWriter(tokenizer)
    if let system = question.system {
      writer.special(special.turnStart)
      writer.text("system\n" + system)
      writer.special(special.turnEnd)
      writer.text("\n")
    }
    writer.special(special.turnStart)
    writer.text("user\n")
    var index = 0
    for (source, visual) in question.visuals.enumerated() {
      let times = pairTimes(visual)
      var part = 0
      while index < segments.count, segments[index].source == source {
        if visual.kind == .video { writer.text("<\(oneDecimal(times[part])) seconds>") }
        writer.special(special.visionStart)
        writer.visual(
          segments[index],
          placeholder: visual.kind == .video
            ? configuration.videoTokenID : configuration.imageTokenID)
        writer.special(special.visionEnd)
        index += 1
        part += 1
      }
    }
    writer.text(question.text)
    writer.special(special.turnEnd)
    writer.text("\n")
    writer.special(special.turnStart)
    writer.text("assistant\n")
    let prompt = writer.finish()
    let limit = configuration.text.vocabularySize
    guard prompt.ids.allSatisfy({ $0 >= 0 && Int($0) < limit }) else {
      throw Failure(
        .modelUnusable, code: "model.vocabulary",
        "the tokenizer gives ids beyond the model's vocabulary of \(limit)",
        remedy: "use the tokenizer files that came with the weights")
    }
    guard prompt.ids.count <= configuration.text.maximumPositions else {
      throw Failure(
        .badInput, code: "prompt.too-long",
        "the question has \(prompt.ids.count) tokens, the model takes at most "
          + "\(configuration.text.maximumPositions)",
        remedy: "use fewer or smaller pictures, fewer frames, or a shorter text")
    }
    return prompt
  }

  /// The time each segment of a video is announced with: the mean of its first and last frame's.
  private func pairTimes(_ visual: Visual) -> [Double] {
    let depth = configuration.vision.temporalPatchSize
    let times = visual.timestamps
    return stride(from: 0, to: times.count, by: depth).map { start in
      (times[start] + times[min(start + depth, times.count) - 1]) / 2
    }
  }

  /// Python's `f"{value:.1f}"`: the exact binary value, rounded half to even, as C prints it.
  private func oneDecimal(_ value: Double) -> String {
    var buffer = [CChar](repeating: 0, count: 64)
    let length = withVaList([value]) { vsnprintf(&buffer, buffer.count, "%.1f", $0) }
    return String(
      decoding: buffer.prefix(max(0, Int(length))).map(UInt8.init(bitPattern:)), as: UTF8.self)
  }
}
