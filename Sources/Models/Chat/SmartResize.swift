import Diagnostics

/// The sizes that images and frames are resized to: sides are multiples of a group's side, proportions
/// close to the original, and pixels within limits (HF's two `smart_resize` functions).
struct SmartResize: Sendable {
  /// Pixels along a group's side.
  let factor: Int
  let minPixels: Int
  let maxPixels: Int

  /// The most that the longer side may be, as a multiple of the shorter.
  private static let steepest = 200

  /// The size of an image (HF `image_processing_qwen2_vl.smart_resize`).
  ///
  /// - Throws: `media.proportions` for extremely long and narrow images.
  func image(height: Int, width: Int) throws(Failure) -> (height: Int, width: Int) {
    try resize(frames: 1, paddedFrames: 1, height: height, width: width)
  }

  /// The size of a video's frames; the pixel limits are on all frames together (HF
  /// `video_processing_qwen3_vl.smart_resize`). Frames smaller than a group are enlarged, where the
  /// reference implementation refuses them.
  ///
  /// - Parameter temporalFactor: frames in a patch.
  /// - Throws: `media.proportions` for extremely long and narrow frames.
  func video(
    frames: Int, height: Int, width: Int, temporalFactor: Int
  ) throws(Failure) -> (height: Int, width: Int) {
    let padded = max(1, rounded(Double(frames) / Double(temporalFactor))) * temporalFactor
    return try resize(
      frames: max(frames, temporalFactor), paddedFrames: padded, height: height, width: width)
  }

  private func resize(
    frames: Int, paddedFrames: Int, height: Int, width: Int
  ) throws(Failure) -> (height: Int, width: Int) {
    guard height > 0, width > 0, max(height, width) <= Self.steepest * min(height, width) else {
      throw Failure(
        .badInput, code: .mediaProportions,
        "a picture of \(width)×\(height) is too long and narrow: one side may be at most "
          + "\(Self.steepest) times the other",
        remedy: "Crop it.")
    }
    let (h, w, f) = (Double(height), Double(width), Double(factor))
    var newHeight = rounded(h / f) * factor
    var newWidth = rounded(w / f) * factor
    let pixels = paddedFrames * newHeight * newWidth
    let original = Double(frames) * h * w
    if pixels > maxPixels {
      let shrink = (original / Double(maxPixels)).squareRoot()
      newHeight = max(factor, Int((h / shrink / f).rounded(.down)) * factor)
      newWidth = max(factor, Int((w / shrink / f).rounded(.down)) * factor)
    } else if pixels < minPixels {
      let grow = (Double(minPixels) / original).squareRoot()
      newHeight = Int((h * grow / f).rounded(.up)) * factor
      newWidth = Int((w * grow / f).rounded(.up)) * factor
    }
    return (max(factor, newHeight), max(factor, newWidth))
  }

  /// Python's `round`: halves to even.
  private func rounded(_ value: Double) -> Int { Int(value.rounded(.toNearestOrEven)) }
}
