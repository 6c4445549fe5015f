@preconcurrency import Glibc

/// Addresses of sockets in the file system, and of abstract ones, which begin with `@`.
enum UnixAddress {
  /// The most bytes of a path.
  static let maxBytes = 107

  /// Calls `body` with the address of a path that is short enough.
  static func with<Result>(
    _ path: [UInt8], _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result
  ) -> Result {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { target in
      target.copyBytes(from: path.prefix(maxBytes))
      if path.first == 0x40 { target[0] = 0 }
    }
    // Without the final NUL, which would be part of the name of an abstract address.
    let header = MemoryLayout<sockaddr_un>.size - MemoryLayout.size(ofValue: address.sun_path)
    let length = socklen_t(header + min(path.count, maxBytes))
    return withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, length) }
    }
  }
}
