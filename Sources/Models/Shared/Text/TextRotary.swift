import Compute

@preconcurrency import Glibc

/// The rotary embedding of a language model's tokens, with one number per position or with three
/// (M-RoPE).
package struct TextRotary: Sendable {
  /// How frequencies are assigned to the axes of a position.
  package enum Axes: Sendable, Equatable {
    /// All frequencies rotate with the one number.
    case plain
    /// Frequencies alternate between time, height and width up to the end of each section, then belong
    /// to time (HF `Qwen3VLTextRotaryEmbedding`).
    case interleaved(sections: [Int])
    /// One section of frequencies after the other rotates with time, height and width (HF
    /// `apply_multimodal_rotary_pos_emb`).
    case chunked(sections: [Int])
  }

  /// `[headSize / 2]`.
  private let frequencies: [Float]
  /// `[headSize / 2]`: the axis of each frequency.
  private let axes: [Int]
  /// The numbers in a token's position.
  package let axisCount: Int

  /// The rotary embedding of a base.
  package init(headSize: Int, base: Float, axes: Axes) {
    let half = headSize / 2
    frequencies = (0..<half).map { powf(base, -Float(2 * $0) / Float(headSize)) }
    switch axes {
    case .plain:
      self.axes = Array(repeating: 0, count: half)
      axisCount = 1
    case .interleaved(let sections):
      self.axes = (0..<half).map { index in
        let axis = index % 3
        return axis > 0 && index < sections[axis] * 3 ? axis : 0
      }
      axisCount = 3
    case .chunked(let sections):
      let assigned = sections.enumerated().flatMap {
        Array(repeating: $0.offset, count: $0.element)
      }
      self.axes = (0..<half).map { $0 < assigned.count ? assigned[$0] : 0 }
      axisCount = 3
    }
  }

  /// The angles of some tokens of a prompt.
  func angles(of tokens: [Int], at positions: TokenPositions) -> Rotary {
    var angles: [Float] = []
    angles.reserveCapacity(tokens.count * frequencies.count)
    for token in tokens {
      for (frequency, axis) in zip(frequencies, axes) {
        angles.append(frequency * Float(positions.axes[axis][token]))
      }
    }
    return Rotary(angles: angles, half: frequencies.count)
  }

  /// The angles of tokens of text.
  func angles(at positions: Range<Int>) -> Rotary {
    Rotary(
      angles: positions.flatMap { position in frequencies.map { $0 * Float(position) } },
      half: frequencies.count)
  }
}
