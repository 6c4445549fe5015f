import Diagnostics
import Synchronization

/// Memory for the packed weights of a model. Matrices lie one right after the other, so that all but the
/// last bytes are on huge pages. Separately allocated, most matrices would end in the middle of a huge
/// page: 2.2 MiB for the keys of a 2B model.
public final class PackedArena: Sendable {
  private struct Chunk {
    var memory: PackedMemory?
    var used = 0
  }

  /// The bytes mapped at a time; the unused part takes no memory.
  private static let chunkBytes = 256 << 20
  /// A matrix starts on a cache line, as its blocks do.
  private static let alignment = 64

  private let chunk = Mutex(Chunk())

  /// An empty arena. Its memory lives as long as the weights in it.
  public init() {}

  /// Memory for a matrix, and the object that keeps it alive.
  ///
  /// - Throws: `compute.no-memory`.
  func take(bytes: Int) throws(Failure) -> (base: UnsafeMutableRawPointer, owner: PackedMemory) {
    try chunk.withLock { chunk throws(Failure) in
      if let memory = chunk.memory, bytes <= memory.byteCount - chunk.used {
        return Self.advance(&chunk, in: memory, by: bytes)
      }
      let memory = try PackedMemory(bytes: max(bytes, Self.chunkBytes))
      chunk = Chunk(memory: memory)
      return Self.advance(&chunk, in: memory, by: bytes)
    }
  }

  private static func advance(
    _ chunk: inout Chunk, in memory: PackedMemory, by bytes: Int
  ) -> (base: UnsafeMutableRawPointer, owner: PackedMemory) {
    let base = memory.base + chunk.used
    chunk.used = min(memory.byteCount, (chunk.used + bytes + alignment - 1) / alignment * alignment)
    return (base, memory)
  }
}
