import Basics

/// The memory of the whole machine (`/proc/meminfo`). Swap is not counted, because swapped-out weights
/// are read again for every token.
struct MachineMemory {
  /// Bytes that can be allocated without swapping (`MemAvailable`).
  let available: Int?
  /// Bytes in all (`MemTotal`).
  let total: Int?

  init(_ files: SystemFiles) {
    func bytes(_ name: String) -> Int? {
      files.field(name, of: "/proc/meminfo").flatMap { $0 >= 0 && $0 < 1 << 42 ? $0 << 10 : nil }
    }
    available = bytes("MemAvailable")
    total = bytes("MemTotal")
  }
}
