/// Bounds on the colors that a processor file names.
enum ColorCheck {
  /// The deviations that may be divided by: nearly nothing would give infinities.
  private static let deviations: ClosedRange<Float> = 0.001...1000

  /// A sentence about a mean or a deviation that cannot be; `nil` if both are valid.
  ///
  /// - Parameters:
  ///   - mean: the mean that is subtracted, per channel, for values in 0…1.
  ///   - deviation: the deviation that is divided by, per channel.
  static func problem(mean: [Float], deviation: [Float]) -> String? {
    if mean.count == 3, deviation.count == 3, mean.allSatisfy({ 0...1 ~= $0 }),
      deviation.allSatisfy(deviations.contains)
    {
      return nil
    }
    return
      "image_mean and image_std must have three numbers, those of image_mean from 0 to 1 and those "
      + "of image_std from \(deviations.lowerBound) to \(deviations.upperBound)"
  }
}
