import CKernels

@preconcurrency import Glibc

/// Rotary position embedding: the cosines and sines of every row's angles.
///
/// Hugging Face's `cos` and `sin` consist of two equal halves; only one half is stored.
public struct Rotary: Sendable {
  /// `[rows, headSize / 2]`.
  public private(set) var cosine: [Float]
  /// `[rows, headSize / 2]`.
  public private(set) var sine: [Float]
  /// Half the size of a head.
  public let half: Int

  /// The number of rows with angles.
  public var rows: Int { half == 0 ? 0 : cosine.count / half }

  /// Computes them from the angles, `[rows, headSize / 2]` in radians.
  public init(angles: [Float], half: Int) {
    self.half = half
    cosine = angles.map { cosf($0) }
    sine = angles.map { sinf($0) }
  }

  /// Rotates `heads` consecutive heads at `x` by the angles of `row`; of heads larger than the angles are
  /// for, only the beginning.
  ///
  /// - Parameter headSize: elements of a head; `nil` where all of them rotate.
  public func rotate(
    _ x: UnsafeMutablePointer<Float>, heads: Int, headSize: Int? = nil, row: Int
  ) {
    cosine.withUnsafeBufferPointer { cosine in
      sine.withUnsafeBufferPointer { sine in
        guard let c = cosine.baseAddress, let s = sine.baseAddress else { return }
        let (c0, s0) = (c + row * half, s + row * half)
        guard let headSize, headSize > 2 * half else {
          return illava_rotary(x, heads, half, c0, s0)
        }
        for head in 0..<heads { illava_rotary(x + head * headSize, 1, half, c0, s0) }
      }
    }
  }

  /// Keeps the angles of `rows`, in that order, as merging keeps positions.
  public mutating func keep(_ rows: [Int]) {
    cosine = gather(cosine, rows)
    sine = gather(sine, rows)
  }

  private func gather(_ values: [Float], _ rows: [Int]) -> [Float] {
    var kept: [Float] = []
    kept.reserveCapacity(rows.count * half)
    for row in rows { kept += values[row * half..<(row + 1) * half] }
    return kept
  }
}
