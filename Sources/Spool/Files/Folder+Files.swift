import CLinux
import Diagnostics

@preconcurrency import Glibc

extension Folder {
  /// Calls `body` with the descriptor of a regular file, open for reading.
  ///
  /// - Throws: `CallFailure`; with `ELOOP` for a link, and `spool.not-a-file` for anything else that is
  ///   not a regular file.
  @discardableResult
  func withFile<Result>(
    _ relative: BytePath, _ body: (Int32, FileStatus) throws -> Result
  ) throws -> Result {
    try inParent(of: relative) { folder, name in
      // Without O_NONBLOCK, opening a FIFO without a writer would block forever.
      let file = try calls.call(.open, folder.shown(name)) {
        name.withCString {
          openat(folder.descriptor, $0, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        }
      }
      defer { close(file) }
      var status = stat()
      try calls.call(.status, folder.shown(name)) { fstat(file, &status) }
      guard status.st_mode & S_IFMT == S_IFREG else {
        throw Failure(
          .badInput, code: .spoolNotAFile, "\(folder.shown(name)) is not a regular file",
          remedy: "Copy the contents to a regular file: only such files can be jobs.")
      }
      return try body(file, FileStatus(status))
    }
  }

  /// All bytes of a file.
  ///
  /// - Parameter limit: in bytes; a larger file is refused before it is read.
  public func contents(_ relative: BytePath, limit: Int) throws -> [UInt8] {
    try withFile(relative) { file, status in
      guard status.size <= limit else {
        throw Failure(
          .badInput, code: .spoolTooLarge,
          "\(shown(relative)) has \(status.size) bytes; at most \(limit) are read",
          remedy: "Put the media beside job files and sidecars, not into them.")
      }
      // Reading one byte more than its size shows whether the file grew meanwhile.
      return Array(try bytes(of: file, relative, most: status.size + 1).prefix(limit))
    }
  }

  /// The first bytes of a file, and whether they are all of it.
  ///
  /// - Parameter limit: the most bytes.
  func beginning(_ relative: BytePath, limit: Int) throws -> (bytes: [UInt8], isWhole: Bool) {
    try withFile(relative) { file, status in
      let most = min(status.size, limit).addingClamped(1)
      let bytes = try bytes(of: file, relative, most: most)
      return (Array(bytes.prefix(limit)), bytes.count <= limit)
    }
  }

  private func bytes(of file: Int32, _ name: BytePath, most: Int) throws -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: most)
    var filled = 0
    while filled < bytes.count {
      let count = try bytes.withUnsafeMutableBytes { buffer in
        try calls.call(.read, shown(name)) {
          read(file, buffer.baseAddress?.advanced(by: filled), buffer.count - filled)
        }
      }
      if count == 0 { break }
      filled += count
    }
    return Array(bytes.prefix(filled))
  }

  /// Whether a process has the file open for writing; `nil` where the kernel cannot tell.
  func hasWriter(_ relative: BytePath) throws -> Bool? {
    try withFile(relative) { file, _ in
      switch linux_has_writer(file) {
      case 0: false
      case 1: true
      default: nil
      }
    }
  }

  /// Writes a file that appears under its name only when all of it is on disk; the name itself is on
  /// disk after `sync()`.
  public func write(_ bytes: [UInt8], to name: BytePath) throws {
    let temporary = BytePath(bytes: Array(".".utf8) + name.bytes + Array(".new".utf8))
    let file = try calls.call(.open, shown(temporary)) {
      temporary.withCString {
        openat(descriptor, $0, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0o660)
      }
    }
    do {
      defer { close(file) }
      var done = 0
      while done < bytes.count {
        done += try bytes.withUnsafeBytes { buffer in
          try calls.call(.write, shown(name)) {
            Glibc.write(file, buffer.baseAddress?.advanced(by: done), buffer.count - done)
          }
        }
      }
      try calls.call(.sync, shown(name)) { fsync(file) }
    } catch {
      temporary.withCString { _ = unlinkat(descriptor, $0, 0) }
      throw error
    }
    try rename(temporary, to: self, name, replacing: true)
  }

  /// Syncs the content of a file to disk.
  func syncFile(_ relative: BytePath) throws {
    try withFile(relative) { file, _ in
      try calls.call(.sync, shown(relative)) { fsync(file) }
    }
  }

  /// Syncs all files and folders below to disk, the innermost first.
  ///
  /// - Throws: `spool.not-a-file` for anything that is neither a file nor a folder.
  func syncTree() throws {
    for name in try names() {
      guard let status = try status(name) else { continue }
      switch status.kind {
      case .folder: try folder(name).syncTree()
      case .file, .link, .special: try syncFile(name)
      }
    }
    try sync()
  }

  /// Removes a file, a link or a special file; it is not an error if there is none.
  public func remove(_ relative: BytePath) throws {
    do {
      try inParent(of: relative) { folder, name in
        try calls.call(.remove, folder.shown(name)) {
          name.withCString { unlinkat(folder.descriptor, $0, 0) }
        }
      }
    } catch let failure as CallFailure where failure.number == ENOENT {}
  }

  /// Removes a file or a folder with everything below it; it is not an error if there is none.
  public func removeTree(_ name: BytePath) throws {
    guard let status = try status(name) else { return }
    guard status.kind == .folder else { return try remove(name) }
    let inner = try folder(name)
    for child in try inner.names() { try inner.removeTree(child) }
    try inParent(of: name) { parent, last in
      try calls.call(.remove, parent.shown(last)) {
        last.withCString { unlinkat(parent.descriptor, $0, AT_REMOVEDIR) }
      }
    }
  }

  /// Bytes on the folder's file system that are free for this user.
  public func freeBytes() throws -> Int {
    var status = statvfs()
    try calls.call(.status, path) { fstatvfs(descriptor, &status) }
    return Int(clamping: UInt64(status.f_bavail).multipliedClamped(by: UInt64(status.f_frsize)))
  }

  /// Whether files can be renamed from here to another folder: both are on the same file system and were
  /// opened through the same mount.
  func isOnSameMount(as other: Folder) throws -> Bool {
    try status().identity.device == other.status().identity.device && mount == other.mount
  }

  /// The number of the mount; `nil` where the kernel does not report it.
  private var mount: Int? {
    guard
      let folder = try? Folder(path: "/proc/self/fdinfo", calls: calls),
      let text = try? folder.unsizedText("\(descriptor)")
    else { return nil }
    let line = text.split(separator: "\n").first { $0.hasPrefix("mnt_id:") }
    return line.flatMap { Int($0.dropFirst(7).filter { !$0.isWhitespace }) }
  }

  /// The text of a file in `/proc`, which has no size.
  private func unsizedText(_ name: String) throws -> String {
    try withFile(BytePath(name)) { file, _ in
      var bytes = [UInt8](repeating: 0, count: 4096)
      let count = try calls.call(.read, path) { read(file, &bytes, bytes.count) }
      return String(decoding: bytes.prefix(count), as: UTF8.self)
    }
  }
}
