@preconcurrency import Glibc

/// A descriptor that is written to without ever waiting for its reader: a full pipe, a stopped terminal,
/// a socket that nothing reads.
final class LogOutput: Sendable {
  private enum Kind {
    /// Reopened as non-blocking.
    case own
    /// A socket; each message is sent with a flag not to wait.
    case socket
    /// A file, which never blocks.
    case file
    /// Shared with other processes, for which its flags must not change.
    case shared
  }

  /// The descriptor that is written to.
  let descriptor: Int32
  private let kind: Kind

  /// An output to the target of a descriptor.
  init(_ original: Int32) {
    var status = stat()
    let known = fstat(original, &status) == 0 ? status.st_mode & S_IFMT : S_IFREG
    if known == S_IFSOCK || known == S_IFREG {
      (descriptor, kind) = (original, known == S_IFSOCK ? .socket : .file)
      return
    }
    // Not O_NONBLOCK on the descriptor itself, because other processes share it, such as the shell.
    let opened = open(
      "/proc/self/fd/\(original)", O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC | O_APPEND)
    (descriptor, kind) = opened >= 0 ? (opened, .own) : (original, .shared)
  }

  deinit { if case .own = kind { close(descriptor) } }

  /// Writes as much as is accepted now.
  ///
  /// - Returns: the number of bytes written.
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
      // If poll reports room in a pipe, at least this much fits.
      var poll = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
      guard Glibc.poll(&poll, 1, 0) == 1, poll.revents & Int16(POLLOUT) != 0 else { return 0 }
      return Glibc.write(descriptor, bytes.baseAddress, min(bytes.count, Int(PIPE_BUF)))
    }
  }
}
