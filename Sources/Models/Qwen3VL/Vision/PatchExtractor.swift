import Compute
import Media

/// Cuts frames into normalized patches, `[patches, 3 · frames · side · side]` (HF `pixel_values`).
struct PatchExtractor: Sendable {
  let patchSize: Int
  let temporalPatchSize: Int
  /// `[3][256]`: what each byte of each channel becomes.
  private let normalized: [Float]

  /// - Parameters:
  ///   - mean: per channel, of values in 0…1.
  ///   - deviation: per channel, of values in 0…1.
  init(patchSize: Int, temporalPatchSize: Int, mean: [Float], deviation: [Float]) {
    self.patchSize = patchSize
    self.temporalPatchSize = temporalPatchSize
    // HF's fast processors fold the division by 255 into mean and deviation; so does this.
    normalized = (0..<3).flatMap { channel in
      (0..<256).map { (Float($0) - mean[channel] * 255) / (deviation[channel] * 255) }
    }
  }

  /// Writes the patches `range` of a segment to the rows of `output`.
  func extract(
    _ segment: VisionSegment, patches range: Range<Int>, to output: MatrixView,
    threads: ThreadTeam
  ) {
    let side = patchSize
    threads.forEachRun(of: range.count, size: 64) { run in
      for index in run {
        let (row, column) = segment.grid.position(of: range.lowerBound + index)
        var target = output.row(index)
        for channel in 0..<3 {
          for frame in 0..<temporalPatchSize {
            let image = segment.frames[min(frame, segment.frames.count - 1)]
            for line in 0..<side {
              let start = ((row * side + line) * image.width + column * side) * 3 + channel
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
