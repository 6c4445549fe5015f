import Diagnostics
import Testing

@testable import Media

/// Decodes an image, at its own size unless one is given.
func decode(
  _ path: String, height: Int? = nil, width: Int? = nil, limits: MediaLimits = MediaLimits()
) throws(Failure) -> DecodedImage {
  try ImageFile.decode(path: path, reading: MediaReading(limits: limits)) {
    (height ?? $0, width ?? $1)
  }
}

/// Samples a video at its own size.
func sample(
  _ path: String, _ sampling: FrameSampling = FrameSampling(), limits: MediaLimits = MediaLimits()
) throws(Failure) -> SampledVideo {
  try VideoFile.sample(path: path, sampling: sampling, reading: MediaReading(limits: limits)) {
    ($1, $2)
  }
}

/// The failure that `body` throws.
func failure(of body: () throws -> Void) -> Failure? {
  do {
    try body()
    return nil
  } catch {
    return error as? Failure
  }
}

extension RGBImage {
  /// The color at a point.
  func color(_ x: Int, _ y: Int) -> [Int] {
    let at = (y * width + x) * 3
    return pixels[at..<at + 3].map(Int.init)
  }
}

/// The mean absolute difference of two images' values.
func difference(_ one: [UInt8], _ other: [UInt8]) -> Double {
  guard one.count == other.count, !one.isEmpty else { return .infinity }
  var sum = 0
  for (a, b) in zip(one, other) { sum += abs(Int(a) - Int(b)) }
  return Double(sum) / Double(one.count)
}

/// The largest difference of two colors' channels.
func distance(_ one: [Int], _ other: [Int]) -> Int {
  zip(one, other).map { abs($0 - $1) }.max() ?? 0
}
