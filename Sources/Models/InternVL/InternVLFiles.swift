import Diagnostics
import Media

/// What the files beside `config.json` say: colors, tiles, frames, and the names of special tokens.
struct InternVLFiles: Sendable {
  /// The mean that is subtracted, per channel, for values in 0…1.
  let mean: [Float]
  /// The standard deviation that is divided by, per channel, for values in 0…1.
  let deviation: [Float]
  /// How images are cut into tiles.
  let tiling: InternVLTiling
  /// Frames of a video.
  let frames: Int
  /// The tokens before, after and for visual tokens.
  let tokens: (start: String, end: String, context: String)

  private struct Images: Decodable {
    let image_mean: [Float]?
    let image_std: [Float]?
    let size: SquareSize?
    let min_patches: Int?
    let max_patches: Int?
    let resample: Int?
  }

  private struct Videos: Decodable {
    let num_frames: Int?
  }

  private struct Tokens: Decodable {
    let start_image_token: String?
    let end_image_token: String?
    let context_image_token: String?
  }

  /// Tokens by their roles; none where the file has a plain list.
  private struct Roles: Decodable {
    let tokens: Tokens?

    init(from decoder: any Decoder) throws { tokens = try? Tokens(from: decoder) }
  }

  private struct TokenizerFile: Decodable {
    let extra_special_tokens: Roles?
    /// The same in files of Transformers 5.
    let model_specific_special_tokens: Roles?
    let start_image_token: String?
    let end_image_token: String?
    let context_image_token: String?
  }

  /// The names of the published tokenizers.
  static let published = (start: "<img>", end: "</img>", context: "<IMG_CONTEXT>")
  /// Bicubic, by PIL's number.
  private static let bicubic = 3

  /// Reads the files of a folder; what they do not say is as published.
  ///
  /// - Throws: `model.config`.
  init(_ configuration: InternVLConfiguration, _ files: ModelFiles) throws(Failure) {
    let (images, path) =
      try files.decode(Images.self, .images) ?? (nil, files.filePath(ProcessorFile.images.name))
    // ImageNet's.
    mean = images?.image_mean ?? [0.485, 0.456, 0.406]
    deviation = images?.image_std ?? [0.229, 0.224, 0.225]
    var tiling = configuration.tiling
    var problem: String?
    if configuration.layout == .transformers {
      // The file says `crop_to_patches: false`, which HF `InternVLProcessor` overrides.
      tiling.min = images?.min_patches ?? tiling.min
      tiling.max = images?.max_patches ?? tiling.max
      let side = configuration.vision.tileSize
      if let size = images?.size, size.side != side {
        problem =
          "size is \(size.width)×\(size.height), but the image encoder takes \(side)×\(side)"
      }
    }
    self.tiling = tiling
    problem = ColorCheck.problem(mean: mean, deviation: deviation) ?? problem
    if let filter = images?.resample, filter != Self.bicubic {
      problem = "resample is \(filter), only \(Self.bicubic) (bicubic) is supported"
    }
    if let problem = problem ?? tiling.problem { throw Self.refused(path, problem) }
    let videos = try files.decode(Videos.self, .videos)
    frames = videos?.value.num_frames ?? 8
    guard 1...1000 ~= frames else {
      throw Self.refused(videos?.path ?? path, "num_frames is \(frames), expected 1 to 1000")
    }
    let tokenizer = try files.decode(TokenizerFile.self, "tokenizer_config.json")
    let extra =
      tokenizer?.extra_special_tokens?.tokens ?? tokenizer?.model_specific_special_tokens?.tokens
    tokens = (
      tokenizer?.start_image_token ?? extra?.start_image_token ?? Self.published.start,
      tokenizer?.end_image_token ?? extra?.end_image_token ?? Self.published.end,
      tokenizer?.context_image_token ?? extra?.context_image_token ?? Self.published.context
    )
  }

  private static func refused(_ path: String, _ problem: String) -> Failure {
    Failure(
      .modelUnusable, code: .modelConfig, "\(path): \(problem)",
      remedy: "Use the file that came with the weights.")
  }

  /// The special tokens of prompts, with ids where the configuration sets them.
  func special(_ configuration: InternVLConfiguration) -> [(name: String, id: Int32?)] {
    [
      (tokens.context, configuration.imageTokenID), (tokens.start, nil), (tokens.end, nil),
    ] + ChatFormat.names.prefix(2).map { ($0, nil) }
  }

  /// The middle frames of equal parts (HF `InternVLVideoProcessor.sample_frames`), never more than the
  /// video has; with a rate as many as it gives.
  var sampling: FrameSampling {
    FrameSampling(fps: nil, minFrames: 1, spacing: .middles, usualFrames: frames)
  }
}
