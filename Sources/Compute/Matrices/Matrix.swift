import Diagnostics

@preconcurrency import Glibc

/// An f32 matrix `[rows, columns]` in its own memory, row-major and 64-byte aligned.
///
/// Blocks of 1 MiB and more are mapped and unmapped directly, so that the process's peak is the one that
/// the planner predicts: a heap would keep freed blocks.
public final class Matrix: @unchecked Sendable {
  // Unchecked: the caller decides who writes which rows, as with any buffer.

  /// The number of rows.
  public let rows: Int
  /// Elements per row.
  public let columns: Int
  /// The first element.
  public let base: UnsafeMutablePointer<Float>

  private let mappedBytes: Int
  private static let mapThreshold = 1 << 20

  /// Allocates `[rows, columns]`, filled with zeros.
  ///
  /// - Throws: `compute.too-large` when the size overflows, `compute.no-memory` when there is no memory.
  public init(rows: Int, columns: Int) throws(Failure) {
    let (count, overflow) = rows.multipliedReportingOverflow(by: columns)
    let (bytes, overflow2) = count.multipliedReportingOverflow(by: MemoryLayout<Float>.stride)
    guard rows >= 0, columns >= 0, !overflow, !overflow2, bytes < 1 << 46 else {
      throw Failure(
        .outOfMemory, code: .computeTooLarge,
        "a matrix of \(rows) × \(columns) numbers is larger than any memory",
        remedy: "Use a smaller picture, fewer frames or a shorter prompt.")
    }
    self.rows = rows
    self.columns = columns
    if bytes >= Self.mapThreshold {
      guard
        let memory = mmap(
          nil, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
        memory != MAP_FAILED
      else { throw Self.noMemory(bytes) }
      madvise(memory, bytes, Int32(MADV_HUGEPAGE))
      mappedBytes = bytes
      base = memory.assumingMemoryBound(to: Float.self)
    } else {
      var memory: UnsafeMutableRawPointer?
      guard posix_memalign(&memory, 64, max(bytes, 64)) == 0, let memory else {
        throw Self.noMemory(bytes)
      }
      memset(memory, 0, max(bytes, 64))
      mappedBytes = 0
      base = memory.assumingMemoryBound(to: Float.self)
    }
  }

  deinit {
    if mappedBytes > 0 {
      munmap(base, mappedBytes)
    } else {
      free(base)
    }
  }

  /// The bytes that a matrix of this size takes: mapped blocks grow by whole huge pages of 2 MiB.
  public static func bytes(rows: Int, columns: Int) -> Int {
    let bytes = rows * columns * MemoryLayout<Float>.stride
    guard bytes >= mapThreshold else { return max(bytes, 64) }
    let page = 1 << 21
    return (bytes + page - 1) / page * page
  }

  private static func noMemory(_ bytes: Int) -> Failure {
    Failure(
      .outOfMemory, code: .computeNoMemory,
      "no memory for another \((bytes + (1 << 20) - 1) >> 20) MiB",
      remedy: "Use a smaller picture, fewer frames or a shorter prompt, or free some memory.")
  }

  /// A view of all rows.
  public var view: MatrixView {
    MatrixView(base: base, rows: rows, columns: columns, stride: columns, owner: self)
  }

  /// A view of some rows.
  public subscript(rows range: Range<Int>) -> MatrixView { view[rows: range] }

  /// A copy of the elements, row after row.
  public var elements: [Float] { Array(UnsafeBufferPointer(start: base, count: rows * columns)) }
}
