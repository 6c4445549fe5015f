import Diagnostics
import Media

extension ProcessorConfiguration {
  /// CLIP's mean and deviation, and every second frame at two a second: the first frame of equal parts,
  /// an even number (HF `Qwen2VLVideoProcessor.sample_frames`).
  private static func qwen2VL(minPixels: Int, maxPixels: Int) -> ProcessorConfiguration {
    ProcessorConfiguration(
      minPixels: minPixels, maxPixels: maxPixels, mean: [0.48145466, 0.4578275, 0.40821073],
      deviation: [0.26862954, 0.26130258, 0.27577711],
      sampling: FrameSampling(spacing: .starts, multiple: 2))
  }

  /// Sizes and colors of images. Without a folder, those of the published models apply; a folder without
  /// the file gets the defaults of Transformers (HF `Qwen2VLImageProcessor`).
  ///
  /// - Throws: `model.config`.
  static func qwen2VLImages(_ files: ModelFiles) throws(Failure) -> ProcessorConfiguration {
    try ProcessorConfiguration(
      .images, of: files,
      defaults: files.hasFolder
        ? qwen2VL(minPixels: 56 * 56, maxPixels: 28 * 28 * 1280)
        : qwen2VL(minPixels: 3136, maxPixels: 12_845_056))
  }

  /// Sizes, colors and sampling of videos: those of images where a folder has no file for videos, as the
  /// published ones have none.
  ///
  /// - Throws: `model.config`.
  static func qwen2VLVideos(
    _ files: ModelFiles, images: ProcessorConfiguration
  ) throws(Failure) -> ProcessorConfiguration {
    try ProcessorConfiguration(.videos, of: files, defaults: images)
  }
}
