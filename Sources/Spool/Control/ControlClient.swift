import Diagnostics
import WorkerProtocol

@preconcurrency import Glibc

/// Sends requests to the daemon of a spool.
public struct ControlClient: Sendable {
  private let path: String

  /// A client for the spool in a folder.
  public init(root: String) { path = SpoolLayout.socket(in: root) }

  /// Sends a request and waits for the reply.
  ///
  /// - Parameter seconds: the longest wait.
  /// - Returns: `nil` when there is no daemon.
  /// - Throws: `control.*` when there is a daemon but it does not answer.
  public func ask(_ request: ControlRequest, seconds: Int = 10) throws(Failure) -> ControlReply? {
    // With very many clients the daemon drops some; a request that changes nothing can be repeated.
    for _ in 0..<(request.isChange ? 0 : 4) {
      do throws(Failure) {
        return try askOnce(request, seconds: seconds)
      } catch {
        guard error.code == .controlClosed else { throw error }
      }
    }
    return try askOnce(request, seconds: seconds)
  }

  private func askOnce(
    _ request: ControlRequest, seconds: Int
  ) throws(Failure) -> ControlReply? {
    let descriptor = try connected(seconds: seconds)
    guard let descriptor else { return nil }
    defer { close(descriptor) }
    var rest = try JSONLine.encode(request)[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes {
        send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { throw silent(errno) }
      rest = rest.dropFirst(count)
    }
    var lines = LineBuffer(limit: 1 << 26)
    var piece = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      if let line = try lines.next() { return try JSONLine.decode(ControlReply.self, line) }
      let count = piece.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else {
        if count < 0, errno == EAGAIN, request.isChange { throw Self.late }
        throw silent(count == 0 ? ECONNRESET : errno)
      }
      lines.append(piece.prefix(count))
    }
  }

  private func connected(seconds: Int) throws(Failure) -> Int32? {
    let bytes = Array(path.utf8)
    guard bytes.count <= UnixAddress.maxBytes else {
      throw Failure(
        .usage, code: .controlPath, "\(path) is too long for a socket's address",
        remedy: "Use a spool whose path has at most \(UnixAddress.maxBytes - 13) bytes.")
    }
    let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { throw silent(errno) }
    var limit = timeval(tv_sec: seconds, tv_usec: 0)
    for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
      setsockopt(
        descriptor, SOL_SOCKET, option, &limit, socklen_t(MemoryLayout<timeval>.size))
    }
    let result = UnixAddress.with(bytes) { connect(descriptor, $0, $1) }
    if result == 0 { return descriptor }
    let number = errno
    close(descriptor)
    switch number {
    case ENOENT, ECONNREFUSED, ENOTDIR: return nil
    case EACCES, EPERM:
      throw Failure(
        .missingInput, code: .controlAccess, "\(path) may not be used by this user",
        remedy: SpoolRights.remedy(path))
    default: throw silent(number)
    }
  }

  /// The failure for a request that was sent but not answered in time.
  private static let late = Failure(
    .outOfMemory, code: .controlLate,
    "the daemon has the order but has not answered yet: it is carried out later",
    remedy: "Run illava status to see whether it was carried out.")

  private func silent(_ number: Int32) -> Failure {
    // A daemon with too many clients closes connections.
    Failure(
      .fault, code: number == ECONNRESET || number == EPIPE ? .controlClosed : .controlSilent,
      "the daemon does not answer: \(String(cString: strerror(number)))",
      remedy: "Look at its log, such as with journalctl -u illavad.")
  }
}
