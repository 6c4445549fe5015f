import Diagnostics
import FoundationEssentials
import Media

/// What the files beside `config.json` say: colors, and the kind of prompt.
struct LlavaFiles: Sendable {
  /// The mean that is subtracted, per channel, for values in 0…1.
  let mean: [Float]
  /// The standard deviation that is divided by, per channel, for values in 0…1.
  let deviation: [Float]
  /// Frames of a video.
  let frames: Int
  /// The kind of prompt.
  let template: LlavaTemplate

  private struct Images: Decodable {
    let image_mean: [Float]?
    let image_std: [Float]?
    let size: SquareSize?
    let resample: Int?
    let image_grid_pinpoints: [[Int]]?
    let num_frames: Int?
  }

  private struct Processor: Decodable {
    let num_image_tokens: Int?
    let vision_feature_select_strategy: String?
  }

  private struct Template: Decodable {
    let chat_template: String?
  }

  /// Bicubic, by PIL's number.
  private static let bicubic = 3
  private static let half: [Float] = [0.5, 0.5, 0.5]

  /// Reads the files of a folder; what they do not say is as published.
  ///
  /// - Throws: `model.config`.
  init(_ configuration: LlavaConfiguration, _ files: ModelFiles) throws(Failure) {
    let (images, path) =
      try files.decode(Images.self, .images) ?? (nil, files.filePath(ProcessorFile.images.name))
    mean = images?.image_mean ?? Self.half
    deviation = images?.image_std ?? Self.half
    if let problem = Self.problem(images, configuration) {
      throw Self.refused(path, problem)
    }
    let (videos, videoPath) =
      try files.decode(Images.self, .videos) ?? (nil, files.filePath(ProcessorFile.videos.name))
    frames = videos?.num_frames ?? 32
    var problem = Self.problem(videos, configuration)
    if videos?.image_mean ?? mean != mean || videos?.image_std ?? deviation != deviation {
      problem = "image_mean or image_std differs from \(path), which is not supported"
    }
    if !(1...1000 ~= frames) { problem = "num_frames is \(frames), expected 1 to 1000" }
    if let problem { throw Self.refused(videoPath, problem) }
    let processorName = ProcessorFile.sharedName
    let processor = try files.decode(Processor.self, processorName)
    let tokens = configuration.vision.side * configuration.vision.side
    if let count = processor?.num_image_tokens, count != tokens {
      throw Self.refused(
        files.filePath(processorName),
        "num_image_tokens is \(count), but a tile has \(tokens) patches")
    }
    if let strategy = processor?.vision_feature_select_strategy, strategy != "full" {
      throw Self.refused(
        files.filePath(processorName),
        "vision_feature_select_strategy is \(strategy), only full is supported")
    }
    template = try Self.template(files)
  }

  private static func problem(_ images: Images?, _ configuration: LlavaConfiguration) -> String? {
    guard let images else { return nil }
    let (mean, deviation) = (images.image_mean ?? half, images.image_std ?? half)
    if let problem = ColorCheck.problem(mean: mean, deviation: deviation) { return problem }
    if let filter = images.resample, filter != bicubic {
      return "resample is \(filter), only \(bicubic) (bicubic) is supported"
    }
    let side = configuration.vision.tileSize
    if let size = images.size, size.side != side {
      return "size is \(size.width)×\(size.height), but the image encoder takes \(side)×\(side)"
    }
    if let sizes = images.image_grid_pinpoints, sizes != configuration.tiling.resolutions {
      return "image_grid_pinpoints differs from config.json"
    }
    return nil
  }

  /// The template of a folder, wherever it is kept; that of the newer models for random weights.
  private static func template(_ files: ModelFiles) throws(Failure) -> LlavaTemplate {
    guard files.hasFolder else { return .oneVision }
    var found: (name: String, text: String)?
    let plain = "chat_template.jinja"
    if let text = try files.text(plain) { found = (plain, text) }
    for name in ["chat_template.json", "tokenizer_config.json"] where found == nil {
      if let text = try files.decode(Template.self, name)?.chat_template { found = (name, text) }
    }
    guard let found else {
      throw refused(files.filePath(plain), "the folder has no chat template")
    }
    guard let template = LlavaTemplate(found.text) else {
      throw refused(
        files.filePath(found.name), "the chat template is neither of the two of published models")
    }
    return template
  }

  private static func refused(_ path: String, _ problem: String) -> Failure {
    Failure(
      .modelUnusable, code: .modelConfig, "\(path): \(problem)",
      remedy: "Use the file that came with the weights.")
  }

  /// Frames from the first to the last at equal distances, cut to whole frames, never more than the video
  /// has; with a rate as many as it gives.
  var sampling: FrameSampling {
    FrameSampling(fps: nil, minFrames: 1, spacing: .endsCut, usualFrames: frames)
  }
}
