import Diagnostics

@preconcurrency import Glibc

/// Where the daemon's messages go: to the journal with their level and job as fields when standard
/// error is connected to it, otherwise as lines to standard error.
public final class DaemonLog: Sendable {
  private static let journal = Array("/run/systemd/journal/socket".utf8)
  private let socket: Int32
  private let least: LogLevel

  /// A log.
  ///
  /// - Parameter least: less important messages are left out.
  public init(environment: [String: String], least: LogLevel = .info) {
    self.least = least
    guard Self.isJournal(environment["JOURNAL_STREAM"]) else {
      socket = -1
      return
    }
    socket = Glibc.socket(
      AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
  }

  deinit { if socket >= 0 { close(socket) } }

  /// Writes a message.
  ///
  /// - Parameter job: the id of the job it is about.
  public func write(_ level: LogLevel, job: String? = nil, _ message: String) {
    guard level.priority <= least.priority else { return }
    let message = PlainText.lines(message)
    if socket >= 0, sendToJournal(level, job, message) { return }
    let text = message.replacing("\n", with: "\n  ")
    let line = "\(Self.time()) \(level.rawValue)\(job.map { " [\($0)]" } ?? ""): \(text)\n"
    let bytes = Array(line.utf8)
    _ = Glibc.write(STDERR_FILENO, bytes, bytes.count)
  }

  private func sendToJournal(_ level: LogLevel, _ job: String?, _ message: String) -> Bool {
    var bytes: [UInt8] = []
    func add(_ name: String, _ value: String) {
      // The form with a length: a value may hold line feeds.
      bytes.append(contentsOf: Array(name.utf8) + [0x0A])
      bytes.append(
        contentsOf: withUnsafeBytes(of: UInt64(value.utf8.count).littleEndian) { Array($0) })
      bytes.append(contentsOf: Array(value.utf8) + [0x0A])
    }
    add("MESSAGE", job.map { "[\($0)] \(message)" } ?? message)
    add("PRIORITY", "\(level.priority)")
    add("SYSLOG_IDENTIFIER", "illavad")
    if let job { add("ILLAVA_JOB", job) }
    return UnixAddress.with(Self.journal) { address, length in
      sendto(socket, bytes, bytes.count, Int32(MSG_NOSIGNAL), address, length) == bytes.count
    }
  }

  /// Whether standard error is the stream that `JOURNAL_STREAM` names by device and file number.
  private static func isJournal(_ stream: String?) -> Bool {
    let parts = (stream ?? "").split(separator: ":").compactMap { UInt64($0) }
    var status = stat()
    guard parts.count == 2, fstat(STDERR_FILENO, &status) == 0 else { return false }
    return UInt64(status.st_dev) == parts[0] && UInt64(status.st_ino) == parts[1]
  }

  private static func time() -> String {
    var now = Glibc.time(nil)
    var parts = tm()
    gmtime_r(&now, &parts)
    func two(_ number: Int32) -> String { (number < 10 ? "0" : "") + String(number) }
    return "\(parts.tm_year + 1900)-\(two(parts.tm_mon + 1))-\(two(parts.tm_mday))T"
      + "\(two(parts.tm_hour)):\(two(parts.tm_min)):\(two(parts.tm_sec))Z"
  }
}
