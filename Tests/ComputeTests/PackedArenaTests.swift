import Diagnostics
import Foundation
import Testing

@testable import Compute

@Suite("Memory for packed weights")
struct PackedArenaTests {
  @Test("lays one matrix right behind the other, on lines of the cache and whole huge pages")
  func layout() throws {
    let arena = PackedArena()
    let first = try arena.take(bytes: 1000)
    let second = try arena.take(bytes: 64)
    let third = try arena.take(bytes: 3 << 20)
    #expect(Int(bitPattern: first.base) % PackedMemory.hugePage == 0)
    #expect(second.base - first.base == 1024)
    #expect(third.base - second.base == 64)
    #expect(first.owner === third.owner)
    // All of it can be written to.
    memset(third.base, 1, 3 << 20)
  }

  @Test("maps more for what does not fit any longer, and for what is larger than usual")
  func growth() throws {
    let arena = PackedArena()
    let first = try arena.take(bytes: 200 << 20)
    let second = try arena.take(bytes: 100 << 20)
    let third = try arena.take(bytes: 300 << 20)
    #expect(first.owner !== second.owner && second.owner !== third.owner)
    #expect(third.owner.byteCount == 300 << 20)
    (third.base + (300 << 20) - 1).storeBytes(of: 1, as: UInt8.self)
  }

  @Test("says that there is no memory, instead of ending the process")
  func refusal() throws {
    for bytes in [0, -1, 1 << 47, Int.max] {
      let failure = #expect(throws: Failure.self) { try PackedMemory(bytes: bytes) }
      #expect(failure?.code == .computeNoMemory)
    }
  }
}
