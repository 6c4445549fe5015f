import Basics

/// What the machine as a whole has (`/proc/meminfo`). Swap is not counted: weights that are swapped
/// out are read again for every token.
struct MachineMemory {
  /// Bytes that can be had without swapping (`MemAvailable`).
  let available: Int?
  /// All bytes (`MemTotal`).
  let total: Int?

  init(_ files: SystemFiles) {
    func bytes(_ name: String) -> Int? {
      files.field(name, of: "/proc/meminfo").flatMap { $0 >= 0 && $0 < 1 << 42 ? $0 << 10 : nil }
    }
    available = bytes("MemAvailable")
    total = bytes("MemTotal")
  }
}
