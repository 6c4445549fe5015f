import Diagnostics

@preconcurrency import Glibc

/// The resident memory of a process, as the kernel counts it.
final class ResidentMemory {
  private let file: OpenedFile

  /// - Returns: `nil` if there is no such process, or this process may not read about it.
  init?(process: Int) {
    let descriptor = open("/proc/\(process)/statm", O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    file = OpenedFile(descriptor: descriptor)
  }

  /// Bytes of resident memory; `nil` when the process has ended.
  var bytes: Int? {
    var line = [UInt8](repeating: 0, count: 128)
    let count = line.withUnsafeMutableBytes { pread(file.descriptor, $0.baseAddress, $0.count, 0) }
    guard count > 0 else { return nil }
    let fields = String(decoding: line.prefix(count), as: UTF8.self).split(separator: " ")
    guard fields.count > 1, let pages = Int(fields[1]) else { return nil }
    return pages.multipliedClamped(by: sysconf(Int32(_SC_PAGESIZE)))
  }

  /// Bytes of a process's resident memory; `nil` if there is no such process.
  static func bytes(process: Int) -> Int? { ResidentMemory(process: process)?.bytes }
}
