import Compute

@preconcurrency import Glibc

/// Interleaved M-RoPE: frequencies take turns between time, height and width
/// (HF `Qwen3VLTextRotaryEmbedding`).
struct MultimodalRotary: Sendable {
  /// `[headSize / 2]`.
  private let frequencies: [Float]
  /// `[headSize / 2]`: which of the three positions turns each frequency.
  private let axes: [Int]

  init(_ configuration: TextConfiguration) {
    let half = configuration.headSize / 2
    frequencies = (0..<half).map {
      powf(configuration.ropeTheta, -Float(2 * $0) / Float(configuration.headSize))
    }
    // T H W T H W … as long as a section lasts, then time alone.
    let sections = configuration.ropeSections
    axes = (0..<half).map { index in
      let axis = index % 3
      return axis > 0 && index < sections[axis] * 3 ? axis : 0
    }
  }

  /// The angles of rows at these positions.
  func angles(_ positions: [TokenPosition]) -> Rotary {
    var angles: [Float] = []
    angles.reserveCapacity(positions.count * frequencies.count)
    for position in positions {
      for (frequency, axis) in zip(frequencies, axes) {
        angles.append(frequency * Float(position[axis]))
      }
    }
    return Rotary(angles: angles, half: frequencies.count)
  }
}
