@preconcurrency import Glibc

/// The name of this machine.
public enum HostName {
  /// The name as the kernel has it; `localhost` where it has none.
  public static var current: String {
    // POSIX allows at most 255 bytes.
    var bytes = [CChar](repeating: 0, count: 257)
    guard gethostname(&bytes, bytes.count - 1) == 0 else { return "localhost" }
    let name = String(
      decoding: bytes.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    return name.isEmpty ? "localhost" : name
  }
}
