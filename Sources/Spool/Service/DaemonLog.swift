import Diagnostics
import Synchronization

@preconcurrency import Glibc

/// The daemon's log: to the journal with level and job as fields if standard error is connected to it,
/// otherwise as lines on standard error.
///
/// Nothing here waits: messages that nothing reads are lost, counted, and reported once something reads
/// again.
public final class DaemonLog: Sendable {
  private struct State {
    /// The number of lost lines.
    var lost = 0
    /// The number of lost lines that were not reported yet.
    var unsaid = 0
    /// Whether the last line was cut off.
    var isCut = false
  }

  private static let journal = Array("/run/systemd/journal/socket".utf8)
  private let socket: Int32
  private let least: LogLevel
  private let output: LogOutput
  private let state = Mutex(State())

  /// A log.
  ///
  /// - Parameters:
  ///   - least: less important messages are dropped.
  ///   - descriptor: the descriptor for lines.
  public init(
    environment: [String: String], least: LogLevel = .info, descriptor: Int32 = STDERR_FILENO
  ) {
    self.least = least
    output = LogOutput(descriptor)
    guard Self.isJournal(environment["JOURNAL_STREAM"]) else {
      socket = -1
      return
    }
    socket = Glibc.socket(
      AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
  }

  deinit { if socket >= 0 { close(socket) } }

  /// The descriptor for lines, non-blocking where the kernel can reopen it; also the standard error of
  /// workers.
  public var descriptor: Int32 { output.descriptor }

  /// The number of lines lost so far.
  public var lost: Int { state.withLock(\.lost) }

  /// Writes a message.
  ///
  /// - Parameter job: the id of the job it is about.
  public func write(_ level: LogLevel, job: String? = nil, _ message: String) {
    guard level.priority <= least.priority else { return }
    let message = PlainText.lines(message)
    if socket >= 0, sendToJournal(level, job, message) { return }
    let text = message.replacing("\n", with: "\n  ")
    let line = "\(Self.time()) \(level.rawValue)\(job.map { " [\($0)]" } ?? ""): \(text)\n"
    state.withLock { state in
      var bytes = Array(line.utf8)
      if state.unsaid > 0 {
        let lines = state.unsaid == 1 ? "1 line" : "\(state.unsaid) lines"
        bytes = Array("\(Self.time()) warning: \(lines) lost here: nobody read them\n".utf8) + bytes
      }
      if state.isCut { bytes = [0x0A] + bytes }
      let count = output.write(bytes)
      if count == bytes.count {
        state.unsaid = 0
        state.isCut = false
      } else {
        if count > 0 { state.isCut = true }
        state.lost += 1
        state.unsaid += 1
      }
    }
  }

  private func sendToJournal(_ level: LogLevel, _ job: String?, _ message: String) -> Bool {
    var bytes: [UInt8] = []
    func add(_ name: String, _ value: String) {
      // The form with a length, because a value may contain line feeds.
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
      sendto(socket, bytes, bytes.count, Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT), address, length)
        == bytes.count
    }
  }

  /// Whether standard error is the stream that `JOURNAL_STREAM` identifies by device and inode.
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
