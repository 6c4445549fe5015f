@preconcurrency import Glibc

/// Notifies systemd of the daemon's state (sd_notify(3)); does nothing where systemd does not listen.
public struct SystemdNotifier: Sendable {
  private let address: [UInt8]
  /// The watchdog's interval in milliseconds; `nil` without a watchdog.
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

  /// Reports that the daemon is ready.
  public func ready() { send("READY=1") }
  /// Reports that the daemon is ending.
  public func stopping() { send("STOPPING=1") }
  /// Reports to the watchdog that the daemon is alive.
  public func alive() { if watchdogMilliseconds != nil { send("WATCHDOG=1", isUrgent: false) } }
  /// Reports what the daemon is doing, in one line.
  public func status(_ text: String) {
    send("STATUS=" + text.replacing("\n", with: " "), isUrgent: false)
  }

  /// Reports that the configuration is being read; `ready()` ends that.
  public func reloading() {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    send("RELOADING=1\nMONOTONIC_USEC=\(Int(time.tv_sec) * 1_000_000 + Int(time.tv_nsec) / 1000)")
  }

  /// - Parameter isUrgent: whether to wait if systemd cannot take the message now; others are repeated
  ///   anyway.
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
