@preconcurrency import Glibc

/// What this process holds, by the kernel's own account.
public enum ProcessMemory {
  /// The most resident memory so far, in bytes (`VmHWM` of `/proc/self/status`).
  public static var peak: Int { field("VmHWM:") }
  /// The resident memory now, in bytes (`VmRSS`).
  public static var resident: Int { field("VmRSS:") }

  /// Forgets the peak, so that the next reading is of what comes from now on.
  public static func resetPeak() {
    let file = open("/proc/self/clear_refs", O_WRONLY | O_CLOEXEC)
    guard file >= 0 else { return }
    _ = write(file, "5", 1)
    close(file)
  }

  private static func field(_ name: String) -> Int {
    guard let file = fopen("/proc/self/status", "re") else { return 0 }
    defer { fclose(file) }
    var line = [CChar](repeating: 0, count: 256)
    while fgets(&line, Int32(line.count), file) != nil {
      let text = String(
        decoding: line.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
      guard text.hasPrefix(name) else { continue }
      let digits = text.filter(\.isNumber)
      return (Int(digits) ?? 0) << 10
    }
    return 0
  }
}
