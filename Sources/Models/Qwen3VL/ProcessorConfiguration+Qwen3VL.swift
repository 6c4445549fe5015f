extension ProcessorConfiguration {
  /// The published defaults for images (HF `Qwen2VLImageProcessorFast` as Qwen3-VL ships it).
  static let imageDefaults = ProcessorConfiguration(
    minPixels: 256 * 256, maxPixels: 4096 * 4096)
  /// The published defaults for videos (HF `Qwen3VLVideoProcessor`).
  static let videoDefaults = ProcessorConfiguration(
    minPixels: 128 * 32 * 32, maxPixels: 32 * 32 * 768)

  /// The values in the `video_preprocessor_config.json` of the published Qwen3-VL checkpoints: frames
  /// much larger than with the defaults, which apply where a checkpoint has no such file.
  static let publishedVideos = ProcessorConfiguration(
    minPixels: 4096, maxPixels: 25_165_824)
}
