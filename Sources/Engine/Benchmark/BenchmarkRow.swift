/// What one variant of a benchmark took.
public struct BenchmarkRow: Sendable, Codable {
  /// The variant.
  public let name: String
  /// The width of the image or the frames in pixels.
  public let width: Int
  /// The height of the image or the frames in pixels.
  public let height: Int
  /// Frames of a video; `nil` for one image.
  public let frames: Int?
  /// Tokens of the prompt before merging.
  public let promptTokens: Int
  /// Visual tokens before merging.
  public let visualTokens: Int
  /// Visual tokens after the image encoder.
  public let visualTokensAfterVision: Int
  /// Visual tokens after the last merging layer.
  public let visualTokensLeft: Int
  /// Seconds in the image encoder.
  public let visionSeconds: Double
  /// Seconds of prefill.
  public let prefillSeconds: Double
  /// Seconds for each generated token.
  public let secondsPerToken: Double
  /// Bytes of weights, keys and values that a generated token reads.
  public let bytesPerToken: Int
  /// GB/s at which memory was read just before and after decoding; 0 without generated tokens.
  public let readBandwidth: Double
  /// The most resident memory until the image encoder was done, weights included.
  public let visionPeakBytes: Int
  /// The most resident memory, weights included.
  public let peakBytes: Int
  /// The planner's prediction of the most resident memory.
  public let predictedBytes: Int

  private enum CodingKeys: String, CodingKey {
    case name, width, height, frames
    case promptTokens = "prompt_tokens"
    case visualTokens = "visual_tokens"
    case visualTokensAfterVision = "visual_tokens_after_vit"
    case visualTokensLeft = "visual_tokens_left"
    case visionSeconds = "vision_seconds"
    case prefillSeconds = "prefill_seconds"
    case secondsPerToken = "seconds_per_token"
    case bytesPerToken = "bytes_per_token"
    case readBandwidth = "memory_gb_per_second"
    case visionPeakBytes = "vision_peak_bytes"
    case peakBytes = "peak_bytes"
    case predictedBytes = "predicted_bytes"
  }

  /// The size in words: `448×448` or `16 frames of 448×448`.
  public var work: String {
    let size = "\(width)×\(height)"
    return frames.map { "\($0) frames of \(size)" } ?? size
  }

  /// The share of the read bandwidth that decoding used; `nil` where it was not measured.
  public var readShare: Double? {
    let read = readBandwidth * secondsPerToken
    return read > 0 ? 1e-9 * Double(bytesPerToken) / read : nil
  }

  /// Seconds until the first token: image encoder and prompt.
  public var secondsToFirstToken: Double { visionSeconds + prefillSeconds }

  /// The medians of the times and the largest of the peaks; counts are equal in all rows.
  static func median(_ rows: [BenchmarkRow]) -> BenchmarkRow {
    func middle(_ path: KeyPath<BenchmarkRow, Double>) -> Double {
      let sorted = rows.map { $0[keyPath: path] }.sorted()
      guard !sorted.isEmpty else { return 0 }
      return (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
    }
    let first = rows[0]
    return BenchmarkRow(
      name: first.name, width: first.width, height: first.height, frames: first.frames,
      promptTokens: first.promptTokens, visualTokens: first.visualTokens,
      visualTokensAfterVision: first.visualTokensAfterVision,
      visualTokensLeft: first.visualTokensLeft, visionSeconds: middle(\.visionSeconds),
      prefillSeconds: middle(\.prefillSeconds), secondsPerToken: middle(\.secondsPerToken),
      bytesPerToken: first.bytesPerToken, readBandwidth: middle(\.readBandwidth),
      visionPeakBytes: rows.map(\.visionPeakBytes).max() ?? 0,
      peakBytes: rows.map(\.peakBytes).max() ?? 0, predictedBytes: first.predictedBytes)
  }
}
