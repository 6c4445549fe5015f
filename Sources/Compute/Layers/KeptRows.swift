import Diagnostics

@preconcurrency import Glibc

/// Keys and values of one layer, side by side in rows that are written and read in any order.
public final class KeptRows: @unchecked Sendable {
  // Unchecked: tasks that share it write disjoint rows of it.

  /// The type of the stored numbers: f32, or bf16 for half the memory.
  public let elementType: ElementType
  /// The number of rows.
  public let rows: Int
  /// Numbers in a row.
  public let columns: Int

  private let memory: UnsafeMutableRawPointer
  private let mappedBytes: Int

  /// Memory for `[rows, columns]`.
  ///
  /// - Throws: `compute.no-memory` when there is no memory.
  public init(rows: Int, columns: Int, elementType: ElementType) throws(Failure) {
    self.rows = rows
    self.columns = columns
    self.elementType = elementType
    mappedBytes = Self.bytes(rows: rows, columns: columns, elementType: elementType)
    guard
      let memory = mmap(
        nil, mappedBytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
      memory != MAP_FAILED
    else {
      throw Failure(
        .outOfMemory, code: .computeNoMemory,
        "no memory for another \((mappedBytes + (1 << 20) - 1) >> 20) MiB",
        remedy: "Use smaller or fewer frames, give --no-static, or free some memory.")
    }
    self.memory = memory
  }

  deinit { munmap(memory, mappedBytes) }

  /// The bytes that `[rows, columns]` takes.
  public static func bytes(rows: Int, columns: Int, elementType: ElementType) -> Int {
    let (count, overflow) = rows.multipliedReportingOverflow(by: columns)
    guard !overflow, count >= 0, count < 1 << 46 else { return 1 << 46 }
    return (max(1, count) * elementType.size + 4095) / 4096 * 4096
  }

  /// Stores numbers from column `column` of a row on.
  public func write(_ values: UnsafePointer<Float>, count: Int, row: Int, column: Int = 0) {
    guard row >= 0, row < rows, column >= 0, count >= 0, column + count <= columns else { return }
    elementType.narrow(values, to: start(row, column), count: count)
  }

  /// Reads a whole row as f32.
  public func read(row: Int, to values: UnsafeMutablePointer<Float>) {
    guard row >= 0, row < rows else { return }
    elementType.widen(start(row, 0), to: values, count: columns)
  }

  private func start(_ row: Int, _ column: Int) -> UnsafeMutableRawPointer {
    memory + (row * columns + column) * elementType.size
  }
}
