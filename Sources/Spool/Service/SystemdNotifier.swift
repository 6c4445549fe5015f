@preconcurrency import Glibc

/// Tells systemd how the daemon is (sd_notify(3)); does nothing where it does not listen.
public struct SystemdNotifier: Sendable {
  private let address: [UInt8]
  /// Milliseconds within which the watchdog wants to hear something; `nil` without one.
  public let watchdogMilliseconds: Int?

  /// The notifier that the environment asks for.
  public init(environment: [String: String]) {
    let path = Array((environment["NOTIFY_SOCKET"] ?? "").utf8)
    let isUsable = path.count > 1 && path.count < 108 && (path[0] == 0x2F || path[0] == 0x40)
    address = isUsable ? path : []
    let isForMe = environment["WATCHDOG_PID"].map { Int32($0) == getpid() } ?? true
    let period = environment["WATCHDOG_USEC"].flatMap { Int($0) } ?? 0
    watchdogMilliseconds = isForMe && period > 0 ? max(1, period / 1000) : nil
  }

  /// The daemon works.
  public func ready() { send("READY=1") }
  /// The daemon is ending.
  public func stopping() { send("STOPPING=1") }
  /// The daemon got on.
  public func alive() { if watchdogMilliseconds != nil { send("WATCHDOG=1", isUrgent: false) } }
  /// What the daemon does, in a line.
  public func status(_ text: String) {
    send("STATUS=" + text.replacing("\n", with: " "), isUrgent: false)
  }

  /// The configuration is being read anew; `ready()` ends it.
  public func reloading() {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    send("RELOADING=1\nMONOTONIC_USEC=\(Int(time.tv_sec) * 1_000_000 + Int(time.tv_nsec) / 1000)")
  }

  /// - Parameter isUrgent: whether to wait where nobody takes it now; the rest is said again.
  private func send(_ message: String, isUrgent: Bool = true) {
    guard !address.isEmpty else { return }
    let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { return }
    defer { close(descriptor) }
    UnixAddress.with(address) { address, length in
      let bytes = Array(message.utf8)
      let flags = Int32(MSG_NOSIGNAL) | (isUrgent ? 0 : Int32(MSG_DONTWAIT))
      _ = sendto(descriptor, bytes, bytes.count, flags, address, length)
    }
  }
}
