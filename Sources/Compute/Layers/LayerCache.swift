import Diagnostics

@preconcurrency import Glibc

/// The KV cache of one text layer. Every layer's cache has its own length, because layers after a
/// merging layer hold fewer rows than those before it.
///
/// Rows are stored head by head, so that decode reads each head's rows consecutively.
public final class LayerCache: @unchecked Sendable {
  // Unchecked: one thread writes it between the parallel parts that read it.

  /// The type of stored keys and values: f32, or bf16 for half the memory.
  public let elementType: ElementType
  /// The number of rows held.
  public private(set) var count = 0
  /// The number of rows it has room for.
  public let capacity: Int

  /// The bytes it takes when full.
  public let bytes: Int

  /// The biases on the logits of the first keys, by how many tokens each stands for; keys without an
  /// entry have none.
  private(set) var keyBias: [Float] = []

  private let heads: Int
  private let headSize: Int
  private let memory: UnsafeMutableRawPointer

  /// Allocates `capacity` rows of `heads` keys and values of `headSize`.
  ///
  /// - Throws: `compute.no-memory` when there is no memory.
  public init(
    capacity: Int, heads: Int, headSize: Int, elementType: ElementType
  ) throws(Failure) {
    self.capacity = capacity
    self.heads = heads
    self.headSize = headSize
    self.elementType = elementType
    bytes = Self.bytes(
      capacity: capacity, heads: heads, headSize: headSize, elementType: elementType)
    guard
      let memory = mmap(nil, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
      memory != MAP_FAILED
    else {
      throw Failure(
        .outOfMemory, code: .computeNoMemory,
        "no memory for a cache of \(capacity) tokens (\(bytes >> 20) MiB a layer)",
        remedy: "Use a smaller picture, fewer frames or a shorter prompt, or free some memory.")
    }
    self.memory = memory
  }

  /// A cache with the rows of another and room for `capacity`.
  ///
  /// - Throws: `compute.no-memory` when there is no memory, `compute.cache-full` when the rows do not fit.
  public convenience init(copying other: LayerCache, capacity: Int) throws(Failure) {
    guard other.count <= capacity else { throw Self.full(other.count, capacity) }
    try self.init(
      capacity: capacity, heads: other.heads, headSize: other.headSize,
      elementType: other.elementType)
    count = other.count
    keyBias = other.keyBias
    let used = count * headSize * elementType.size
    for head in 0..<heads {
      for isValue in [false, true] where used > 0 {
        memcpy(start(head, isValue: isValue), other.start(head, isValue: isValue), used)
      }
    }
  }

  private static func full(_ count: Int, _ capacity: Int) -> Failure {
    Failure(
      .fault, code: .computeCacheFull,
      "\(count) tokens do not fit into a cache made for \(capacity)")
  }

  /// The bytes that a cache of this size takes when full.
  public static func bytes(
    capacity: Int, heads: Int, headSize: Int, elementType: ElementType
  ) -> Int {
    max(1, 2 * capacity * heads * headSize * elementType.size)
  }

  deinit { munmap(memory, bytes) }

  /// Adds rows: `keys` (rotated) and `values`, both `[rows, heads · headSize]`.
  ///
  /// - Parameter keyBias: `[rows]`, the bias that `Attention.apply` got for these keys; empty for none.
  /// - Throws: `compute.cache-full` when they do not fit.
  public func append(
    keys: MatrixView, values: MatrixView, keyBias: [Float] = []
  ) throws(Failure) {
    guard count + keys.rows <= capacity else { throw Self.full(count + keys.rows, capacity) }
    for head in 0..<heads {
      for row in 0..<keys.rows {
        let offset = (count + row) * headSize * elementType.size
        elementType.narrow(
          keys.row(row) + head * headSize, to: start(head, isValue: false) + offset,
          count: headSize)
        elementType.narrow(
          values.row(row) + head * headSize, to: start(head, isValue: true) + offset,
          count: headSize)
      }
    }
    if !keyBias.isEmpty {
      self.keyBias += [Float](repeating: 0, count: count - self.keyBias.count) + keyBias
    }
    count += keys.rows
  }

  /// Removes all rows but the first `count`.
  public func cut(to count: Int) {
    self.count = min(self.count, max(0, count))
    keyBias.removeLast(max(0, keyBias.count - self.count))
  }

  /// The keys of one head, `[count, headSize]`.
  func keys(head: Int) -> UnsafeRawPointer { UnsafeRawPointer(start(head, isValue: false)) }

  /// The values of one head, `[count, headSize]`.
  func values(head: Int) -> UnsafeRawPointer { UnsafeRawPointer(start(head, isValue: true)) }

  private func start(_ head: Int, isValue: Bool) -> UnsafeMutableRawPointer {
    memory + (2 * head + (isValue ? 1 : 0)) * capacity * headSize * elementType.size
  }
}
