@preconcurrency import Glibc

/// A socket that systemd passes on (sd_listen_fds(3)).
struct InheritedSocket {
  /// Its descriptor: the first that is passed on.
  let descriptor: Int32 = 3

  /// The socket of this process; `nil` where it was started without one.
  init?(_ environment: [String: String]) {
    guard environment["LISTEN_PID"] == "\(getpid())",
      let count = environment["LISTEN_FDS"].flatMap({ Int($0) }), count >= 1
    else { return nil }
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
  }

  /// Whether only programs of this machine can reach it.
  var isLoopback: Bool {
    var storage = sockaddr_storage()
    var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
    let result = withUnsafeMutableBytes(of: &storage) { bytes in
      bytes.baseAddress.map {
        getsockname(descriptor, $0.assumingMemoryBound(to: sockaddr.self), &length)
      } ?? -1
    }
    guard result == 0 else { return false }
    return withUnsafeBytes(of: storage) { bytes in
      switch Int32(storage.ss_family) {
      case AF_UNIX: return true
      // The address begins behind the family and the port.
      case AF_INET: return bytes[4] == 127
      // And in IPv6 behind the flow label, too.
      case AF_INET6: return bytes[8..<23].allSatisfy { $0 == 0 } && bytes[23] == 1
      default: return false
      }
    }
  }
}
