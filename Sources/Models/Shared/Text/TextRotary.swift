import Compute

@preconcurrency import Glibc

/// Rotary embedding of a language model's tokens, with one number in a token's position or with three
/// (M-RoPE).
package struct TextRotary: Sendable {
  /// How frequencies are dealt to the axes of a position.
  package enum Axes: Sendable, Equatable {
    /// One number turns all frequencies.
    case plain
    /// Time, height and width take turns as long as a section lasts, then time alone
    /// (HF `Qwen3VLTextRotaryEmbedding`).
    case interleaved(sections: [Int])
  }

  /// `[headSize / 2]`.
  private let frequencies: [Float]
  /// `[headSize / 2]`: which axis turns each frequency.
  private let axes: [Int]
  /// Numbers in a token's position.
  package let axisCount: Int

  /// The frequencies of a base.
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

  /// The angles of one token of text.
  func angles(at position: Int) -> Rotary {
    Rotary(angles: frequencies.map { $0 * Float(position) }, half: frequencies.count)
  }
}
