import Diagnostics
import FoundationEssentials
import Media

/// The pixel limits, colors and sampling that a processor's file sets.
struct ProcessorConfiguration: Sendable {
  /// The least pixels of an image; or of a frame, or of all frames of a video together, as the family
  /// counts.
  var minPixels: Int
  /// The most pixels of an image; or of a frame, or of all frames of a video together.
  var maxPixels: Int
  /// The mean that is subtracted, per channel, for values in 0…1.
  let mean: [Float]
  /// The standard deviation that is divided by, per channel, for values in 0…1.
  let deviation: [Float]
  /// The frames of a video that are looked at.
  let sampling: FrameSampling

  private struct File: Decodable {
    struct Size: Decodable {
      let shortest_edge: Int?
      let longest_edge: Int?
      let min_pixels: Int?
      let max_pixels: Int?
    }
    let size: Size?
    let min_pixels: Int?
    let max_pixels: Int?
    let image_mean: [Float]?
    let image_std: [Float]?
    let fps: Double?
    let min_frames: Int?
    let max_frames: Int?
  }

  /// The bound on these numbers of pixels: images are enlarged to the least number, and 2^24, sixteen
  /// megapixels, is the most that any published model is shown.
  private static let largest = 1 << 24

  /// Values from their parts.
  init(
    minPixels: Int, maxPixels: Int, mean: [Float] = [0.5, 0.5, 0.5],
    deviation: [Float] = [0.5, 0.5, 0.5], sampling: FrameSampling = FrameSampling()
  ) {
    self.minPixels = minPixels
    self.maxPixels = maxPixels
    self.mean = mean
    self.deviation = deviation
    self.sampling = sampling
  }

  /// Reads a file of the model's folder; values it does not set are those of `defaults`.
  ///
  /// - Throws: `model.config`.
  init(_ kind: ProcessorFile, of files: ModelFiles, defaults: Self) throws(Failure) {
    guard let (file, path) = try files.decode(File.self, kind) else {
      self = defaults
      return
    }
    // Three spellings, of which the first takes precedence.
    minPixels =
      file.min_pixels ?? file.size?.shortest_edge ?? file.size?.min_pixels ?? defaults.minPixels
    maxPixels =
      file.max_pixels ?? file.size?.longest_edge ?? file.size?.max_pixels ?? defaults.maxPixels
    mean = file.image_mean ?? defaults.mean
    deviation = file.image_std ?? defaults.deviation
    sampling = FrameSampling(
      fps: file.fps ?? defaults.sampling.fps,
      minFrames: file.min_frames ?? defaults.sampling.minFrames,
      maxFrames: file.max_frames ?? defaults.sampling.maxFrames,
      spacing: defaults.sampling.spacing, multiple: defaults.sampling.multiple)
    if let problem {
      throw Failure(
        .modelUnusable, code: .modelConfig, "\(path): \(problem)",
        remedy: "Use the file that came with the weights.")
    }
  }

  /// A sentence about the first invalid value; `nil` if all are valid.
  private var problem: String? {
    if minPixels < 1 || minPixels > Self.largest || maxPixels < minPixels
      || maxPixels > Self.largest * 64
    {
      return
        "the pixels must be 1 ≤ least ≤ \(Self.largest) and least ≤ most ≤ \(Self.largest * 64), "
        + "not \(minPixels) and \(maxPixels)"
    }
    do throws(Failure) {
      try sampling.validate()
    } catch {
      return error.message
    }
    return ColorCheck.problem(mean: mean, deviation: deviation)
  }
}
