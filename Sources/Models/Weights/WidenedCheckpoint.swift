import Checkpoint
import Compute
import Diagnostics

/// A checkpoint whose matrices in FP8 (E4M3) with a scale for every block are widened to bf16 when they
/// are asked for (HF `FineGrainedFP8`: `NAME.weight` times `NAME.weight_scale_inv`).
struct WidenedCheckpoint: WeightSource {
  let checkpoint: Checkpoint
  /// Rows and columns of the blocks that share a scale.
  let block: (rows: Int, columns: Int)
  let threads: ThreadTeam
  /// Whether the numbers are wanted; if not, matrices have the right size only.
  var isFilled = true

  /// The name of the type in safetensors files.
  private static let type = "F8_E4M3"

  /// `[256]`: every byte's number. One sign bit, four exponent bits with a bias of 7 and three fraction
  /// bits; no infinities, and only 0x7f and 0xff are no numbers (OCP 8-bit Floating Point, section 5.2).
  static let numbers: [Float] = (0..<256).map { byte in
    let (exponent, fraction) = (byte >> 3 & 15, byte & 7)
    let size: Float =
      switch (exponent, fraction) {
      case (15, 7): .nan
      case (0, _): Float(fraction) / 512
      default: Float(8 + fraction) * Float(sign: .plus, exponent: exponent - 10, significand: 1)
      }
    return byte < 128 ? size : -size
  }

  func weights(_ name: String, shape: [Int]) throws(Failure) -> WeightStorage {
    guard let entry = checkpoint.tensor(name), entry.dtype == Self.type, shape.count == 2,
      entry.shape == shape, entry.bytes.count == shape[0] * shape[1]
    else { return try checkpoint.weights(name, shape: shape) }
    let (rows, columns) = (shape[0], shape[1])
    let across = (columns + block.columns - 1) / block.columns
    let scales = try checkpoint.weights(
      name + "_scale_inv", shape: [(rows + block.rows - 1) / block.rows, across])
    let memory = try OwnedWeights(shape: shape, elementType: .bf16)
    guard isFilled else { return memory.storage }
    let factors = scales.floats
    nonisolated(unsafe) let (bytes, target) = (entry.bytes, memory.base)
    threads.forEachRun(of: rows, size: 64) { run in
      var row = [Float](repeating: 0, count: columns)
      for index in run {
        let first = index / block.rows * across
        for column in 0..<columns {
          row[column] =
            Self.numbers[Int(bytes[index * columns + column])]
            * factors[first + column / block.columns]
        }
        ElementType.bf16.narrow(&row, to: target + index * columns * 2, count: columns)
      }
    }
    withExtendedLifetime(entry.owner) {}
    return memory.storage
  }
}
