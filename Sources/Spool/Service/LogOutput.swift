@preconcurrency import Glibc

/// A descriptor that is written to without ever waiting for whoever reads at the other end: a pipe
/// that is full, a terminal that was stopped, a socket that nobody empties.
final class LogOutput: Sendable {
  private enum Kind {
    /// Opened anew so that it never waits.
    case own
    /// A socket, which is told with each message not to wait.
    case socket
    /// A file: it takes what it gets.
    case file
    /// Shared with others, for whom it has to stay as it is.
    case shared
  }

  /// What is written to.
  let descriptor: Int32
  private let kind: Kind

  /// Writes to where a descriptor leads.
  init(_ original: Int32) {
    var status = stat()
    let known = fstat(original, &status) == 0 ? status.st_mode & S_IFMT : S_IFREG
    if known == S_IFSOCK || known == S_IFREG {
      (descriptor, kind) = (original, known == S_IFSOCK ? .socket : .file)
      return
    }
    // Not O_NONBLOCK on the descriptor itself: others have it, too, such as the shell.
    let opened = open(
      "/proc/self/fd/\(original)", O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC | O_APPEND)
    (descriptor, kind) = opened >= 0 ? (opened, .own) : (original, .shared)
  }

  deinit { if case .own = kind { close(descriptor) } }

  /// Writes as much as is taken now.
  ///
  /// - Returns: the bytes that were taken.
  func write(_ bytes: [UInt8]) -> Int {
    var done = 0
    while done < bytes.count {
      let count = bytes[done...].withUnsafeBytes { piece($0) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return done }
      done += count
    }
    return done
  }

  private func piece(_ bytes: UnsafeRawBufferPointer) -> Int {
    switch kind {
    case .own, .file: return Glibc.write(descriptor, bytes.baseAddress, bytes.count)
    case .socket:
      return send(
        descriptor, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT))
    case .shared:
      // Room in a pipe is room for this much at least.
      var poll = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
      guard Glibc.poll(&poll, 1, 0) == 1, poll.revents & Int16(POLLOUT) != 0 else { return 0 }
      return Glibc.write(descriptor, bytes.baseAddress, min(bytes.count, Int(PIPE_BUF)))
    }
  }
}
