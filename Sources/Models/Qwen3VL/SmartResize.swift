import Diagnostics

/// The sizes pictures and frames are brought to: sides that are multiples of a group's side, close
/// to the original proportions, within a number of pixels (HF's two `smart_resize` functions).
struct SmartResize: Sendable {
  /// Pixels along a group's side.
  let factor: Int
  let minPixels: Int
  let maxPixels: Int

  /// The longest side may be this many times the shortest.
  private static let steepest = 200

  /// The size of an image (HF `image_processing_qwen2_vl.smart_resize`).
  ///
  /// - Throws: `media.proportions` for extremely long and narrow pictures.
  func image(height: Int, width: Int) throws(Failure) -> (height: Int, width: Int) {
    try resize(frames: 1, paddedFrames: 1, height: height, width: width)
  }

  /// The size of a video's frames; the pixel limits count all frames (HF
  /// `video_processing_qwen3_vl.smart_resize`). Where the reference refuses frames smaller than a
  /// group, they are enlarged.
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
