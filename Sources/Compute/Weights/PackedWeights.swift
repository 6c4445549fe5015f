import CKernels
import Diagnostics

/// The weights of a linear layer in 4 to 8 bits, in the order the kernels read them.
///
/// Outputs are in panels of 32, inputs in groups of 32. Products with many rows and with one row use the
/// same layout.
public struct PackedWeights: @unchecked Sendable {
  // Unchecked: the bytes are read-only for the life of `owner`.

  /// The number of rows of the matrix `[outputs, inputs]`.
  public let outputs: Int
  /// The number of columns of that matrix.
  public let inputs: Int
  /// How a weight is held.
  public let layout: PackedLayout
  /// The first panel; `byteCount` bytes are readable.
  public let base: UnsafeRawPointer
  /// Keeps the bytes mapped or allocated.
  public let owner: AnyObject

  /// Wraps bytes in this layout that `owner` keeps alive.
  ///
  /// - Returns: `nil` when the number of `bytes` does not match the shape.
  public init?(
    outputs: Int, inputs: Int, layout: PackedLayout = .eight, bytes: UnsafeRawBufferPointer,
    owner: AnyObject
  ) {
    guard let expected = Self.byteCount(outputs: outputs, inputs: inputs, layout: layout),
      expected == bytes.count, let base = bytes.baseAddress
    else { return nil }
    self.outputs = outputs
    self.inputs = inputs
    self.layout = layout
    self.base = base
    self.owner = owner
  }

  /// Packs a stored matrix `[outputs, inputs]`.
  ///
  /// - Parameters:
  ///   - stored: the weights in f32, f16 or bf16.
  ///   - isFour: whether they are packed into 4 bits, `PackedLayout.four`, instead of 8.
  ///   - importance: how much an error of a weight counts, by input, `[inputs]`: the mean square of what
  ///     the input takes; `nil` where all count the same. Only 4 bits have a choice.
  ///   - arena: provides the memory for the packed weights.
  ///   - discard: called with the bytes of `stored` that are no longer needed, one range of rows at a
  ///     time.
  /// - Throws: `compute.no-memory`, or `compute.too-large` for a shape that overflows.
  public init(
    packing stored: WeightStorage, isFour: Bool = false, importance: [Float]? = nil,
    in arena: PackedArena, threads: ThreadTeam, discard: (Range<Int>) -> Void = { _ in }
  ) throws(Failure) {
    outputs = stored.shape.first ?? 0
    inputs = outputs == 0 ? 0 : stored.count / outputs
    layout = isFour ? .four : .eight
    guard let bytes = Self.byteCount(outputs: outputs, inputs: inputs, layout: layout) else {
      throw Self.tooLarge(stored.shape)
    }
    let importance = importance?.count == inputs ? importance : nil
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
        let source = stored.base + row * rowBytes
        let panel = memory.base + row / Self.panelOutputs * panelBytes
        let type = stored.elementType.kernelType
        guard isFour else {
          return illava_int8_pack(type, source, inputs, part.count, inputs, panel)
        }
        Self.withPointer(to: importance) {
          illava_four_pack(type, source, inputs, part.count, inputs, $0, panel)
        }
      }
      discard(rows.lowerBound * rowBytes..<rows.upperBound * rowBytes)
    }
  }

  private static func withPointer(
    to numbers: [Float]?, _ body: (UnsafePointer<Float>?) -> Void
  ) {
    guard let numbers else { return body(nil) }
    numbers.withUnsafeBufferPointer { body($0.baseAddress) }
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
  public static func byteCount(
    outputs: Int, inputs: Int, layout: PackedLayout = .eight
  ) -> Int? {
    guard outputs > 0, inputs > 0, outputs < 1 << 40, inputs < 1 << 40 else { return nil }
    let panels = (outputs + panelOutputs - 1) / panelOutputs
    let (bytes, overflow) = panels.multipliedReportingOverflow(
      by: illava_panel_bytes(layout.panel, illava_int8_groups(inputs)))
    return overflow || bytes >= 1 << 46 ? nil : bytes
  }

  /// The extents of the bytes: panels, groups, and bytes of a group's block; panels and their bytes where
  /// groups share headers.
  public static func blocks(outputs: Int, inputs: Int, layout: PackedLayout = .eight) -> [Int] {
    let panels = (outputs + panelOutputs - 1) / panelOutputs
    let groups = illava_int8_groups(inputs)
    let bytes = illava_panel_bytes(layout.panel, groups)
    // Layouts of equal sizes must not have equal extents.
    return layout == .eight || layout == .plainFour
      ? [panels, groups, bytes / groups] : [panels, bytes]
  }

  /// Writes row `index` of the matrix to `output` as f32, `[inputs]`.
  public func copyRow(_ index: Int, to output: UnsafeMutablePointer<Float>) {
    illava_panel_unpack_row(
      layout.panel, panel(index / Self.panelOutputs), index % Self.panelOutputs, output, inputs)
  }

  static let panelOutputs = ILLAVA_INT8_PANEL

  var groups: Int { illava_int8_groups(inputs) }
  var panels: Int { (outputs + Self.panelOutputs - 1) / Self.panelOutputs }
  var panelBytes: Int { illava_panel_bytes(layout.panel, groups) }

  func panel(_ index: Int) -> UnsafeRawPointer { base + index * panelBytes }
}
