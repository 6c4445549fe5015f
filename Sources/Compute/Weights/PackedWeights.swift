import CKernels
import Diagnostics

/// The weights of a linear layer in 8 bits, in the order the kernels read them.
///
/// Outputs are in panels of 32, inputs in groups of 32; every output has one bf16 scale per group, so a
/// weight takes 8.5 bits. Products with many rows and with one row use the same layout.
public struct PackedWeights: @unchecked Sendable {
  // Unchecked: the bytes are read-only for the life of `owner`.

  /// The number of rows of the matrix `[outputs, inputs]`.
  public let outputs: Int
  /// The number of columns of that matrix.
  public let inputs: Int
  /// The first panel; `byteCount` bytes are readable.
  public let base: UnsafeRawPointer
  /// Keeps the bytes mapped or allocated.
  public let owner: AnyObject

  /// The name of this layout, for files in this layout.
  public static let layout = "u8-group32-panel32"

  /// Wraps bytes in this layout that `owner` keeps alive.
  ///
  /// - Returns: `nil` when the number of `bytes` does not match the shape.
  public init?(outputs: Int, inputs: Int, bytes: UnsafeRawBufferPointer, owner: AnyObject) {
    guard let expected = Self.byteCount(outputs: outputs, inputs: inputs),
      expected == bytes.count, let base = bytes.baseAddress
    else { return nil }
    self.outputs = outputs
    self.inputs = inputs
    self.base = base
    self.owner = owner
  }

  /// Packs a stored matrix `[outputs, inputs]`.
  ///
  /// - Parameters:
  ///   - stored: the weights in f32, f16 or bf16.
  ///   - arena: provides the memory for the packed weights.
  ///   - discard: called with the bytes of `stored` that are no longer needed, one range of rows at a
  ///     time.
  /// - Throws: `compute.no-memory`, or `compute.too-large` for a shape that overflows.
  public init(
    packing stored: WeightStorage, in arena: PackedArena, threads: ThreadTeam,
    discard: (Range<Int>) -> Void = { _ in }
  ) throws(Failure) {
    outputs = stored.shape.first ?? 0
    inputs = outputs == 0 ? 0 : stored.count / outputs
    guard let bytes = Self.byteCount(outputs: outputs, inputs: inputs) else {
      throw Self.tooLarge(stored.shape)
    }
    let memory = try arena.take(bytes: bytes)
    base = UnsafeRawPointer(memory.base)
    owner = memory.owner
    let rowBytes = inputs * stored.elementType.size
    let panelBytes = panelBytes
    // 16 MiB of stored weights at a time, so that few pages are read but not yet released.
    let run = max(1, (16 << 20) / max(1, rowBytes * Self.panelOutputs)) * Self.panelOutputs
    for first in stride(from: 0, to: outputs, by: run) {
      let rows = first..<min(outputs, first + run)
      threads.forEachRun(of: rows.count, size: Self.panelOutputs) { part in
        let row = rows.lowerBound + part.lowerBound
        illava_int8_pack(
          stored.elementType.kernelType, stored.base + row * rowBytes, inputs, part.count, inputs,
          memory.base + row / Self.panelOutputs * panelBytes)
      }
      discard(rows.lowerBound * rowBytes..<rows.upperBound * rowBytes)
    }
  }

  static func tooLarge(_ shape: [Int]) -> Failure {
    Failure(
      .modelUnusable, code: .computeTooLarge, "a matrix of \(shape) is larger than any memory",
      remedy: "Check that config.json belongs to the weights.")
  }

  /// Bytes of all panels: the same number in memory, in a file and in a plan.
  public var byteCount: Int { panels * panelBytes }

  /// Whether the bytes are in the process's own memory, not in a mapped file.
  public var isOwned: Bool { owner is PackedMemory }

  /// All bytes.
  public var bytes: UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(start: base, count: byteCount)
  }

  /// The bytes of a matrix of this shape; `nil` for an empty or an overflowing shape.
  public static func byteCount(outputs: Int, inputs: Int) -> Int? {
    guard outputs > 0, inputs > 0, outputs < 1 << 40, inputs < 1 << 40 else { return nil }
    let panels = (outputs + panelOutputs - 1) / panelOutputs
    let (bytes, overflow) = panels.multipliedReportingOverflow(
      by: illava_int8_groups(inputs) * ILLAVA_INT8_PANEL_BLOCK)
    return overflow || bytes >= 1 << 46 ? nil : bytes
  }

  /// The extents of the bytes: panels, groups, and bytes of a group's block.
  public static func blocks(outputs: Int, inputs: Int) -> [Int] {
    [
      (outputs + panelOutputs - 1) / panelOutputs, illava_int8_groups(inputs),
      ILLAVA_INT8_PANEL_BLOCK,
    ]
  }

  /// Writes row `index` of the matrix to `output` as f32, `[inputs]`.
  public func copyRow(_ index: Int, to output: UnsafeMutablePointer<Float>) {
    illava_int8_unpack_row(
      panel(index / Self.panelOutputs), index % Self.panelOutputs, output, inputs)
  }

  static let panelOutputs = ILLAVA_INT8_PANEL

  var groups: Int { illava_int8_groups(inputs) }
  var panels: Int { (outputs + Self.panelOutputs - 1) / Self.panelOutputs }
  var panelBytes: Int { groups * ILLAVA_INT8_PANEL_BLOCK }

  func panel(_ index: Int) -> UnsafeRawPointer { base + index * panelBytes }
}
