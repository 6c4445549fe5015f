import Compute
import Media

/// Cuts frames into normalized patches, `[patches, 3 · frames · side · side]` (HF `pixel_values`).
package struct PatchExtractor: Sendable {
  private let patchSize: Int
  private let patchFrames: Int
  /// `[3][256]`: the normalized value of each byte of each channel.
  private let normalized: [Float]

  /// An extractor for an encoder.
  ///
  /// - deviation: the standard deviation per channel, of values in 0…1.
  ///   - mean: per channel, of values in 0…1.
  ///   - deviation: per channel, of values in 0…1.
  package init(_ shape: VisionShape, mean: [Float], deviation: [Float]) {
    patchSize = shape.patchSize
    patchFrames = shape.patchFrames
    // HF's fast processors fold the division by 255 into mean and deviation; this does the same.
    normalized = (0..<3).flatMap { channel in
      (0..<256).map { (Float($0) - mean[channel] * 255) / (deviation[channel] * 255) }
    }
  }

  /// Writes the patches that are computed of a segment, those at `range`, to the rows of `output`.
  func extract(
    _ segment: VisionSegment, patches range: Range<Int>, to output: MatrixView,
    threads: ThreadTeam
  ) {
    let side = patchSize
    let view = segment.segment.view
    threads.forEachRun(of: range.count, size: 64) { run in
      for index in run {
        let (row, column) = view.grid.position(of: segment.patches[range.lowerBound + index])
        var target = output.row(index)
        for channel in 0..<3 {
          for frame in 0..<patchFrames {
            let image = segment.images[min(frame, segment.images.count - 1)]
            for line in 0..<side {
              let top = view.y + row * side + line
              let start = (top * image.width + view.x + column * side) * 3 + channel
              for pixel in 0..<side {
                target[pixel] = normalized[channel << 8 | Int(image.pixels[start + pixel * 3])]
              }
              target += side
            }
          }
        }
      }
    }
  }
}
