import Diagnostics

@preconcurrency import Glibc

/// The memory that processes hold, by the kernel's account.
enum ResidentMemory {
  /// Bytes in memory of a process, or `nil` if there is no such process.
  static func bytes(process: Int) -> Int? {
    guard let file = fopen("/proc/\(process)/statm", "re") else { return nil }
    defer { fclose(file) }
    var line = [CChar](repeating: 0, count: 128)
    guard fgets(&line, Int32(line.count), file) != nil else { return nil }
    let text = String(
      decoding: line.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    let fields = text.split(separator: " ")
    guard fields.count > 1, let pages = Int(fields[1]) else { return nil }
    return pages.multipliedClamped(by: sysconf(Int32(_SC_PAGESIZE)))
  }
}
