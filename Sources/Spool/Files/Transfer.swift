import CLinux
import Diagnostics

@preconcurrency import Glibc

/// Moves files between file systems, where a rename cannot: whole at the new place and on disk
/// before the old one goes.
enum Transfer {
  /// Moves a regular file, or a folder with all that is in it.
  ///
  /// Cut short, it leaves the source as it was or, at the end, both; doing it again is right then.
  ///
  /// - Parameter identity: what is to be moved, which may be gone or replaced meanwhile.
  /// - Returns: whether that was there; otherwise nothing was done.
  static func move(
    _ identity: FileStatus.Identity, _ source: Folder, _ from: BytePath, to target: Folder,
    _ name: BytePath
  ) throws -> Bool {
    let temporary = BytePath(bytes: Array(".".utf8) + name.bytes + Array(".new".utf8))
    try target.removeTree(temporary)
    guard try copy(source, from, identity, to: target, temporary) else {
      try target.removeTree(temporary)
      return false
    }
    try target.sync()
    try target.rename(temporary, to: target, name)
    try target.sync()
    try source.inParent(of: from) { parent, last in try parent.removeTree(last) }
    return true
  }

  /// - Parameter identity: what has to be copied; `nil` for whatever is there.
  private static func copy(
    _ source: Folder, _ from: BytePath, _ identity: FileStatus.Identity?, to target: Folder,
    _ name: BytePath
  ) throws -> Bool {
    if try source.status(from)?.kind == .folder {
      let inner = try source.folder(from)
      if let identity, try inner.status().identity != identity { return false }
      let copy = try target.makeFolder(name)
      for child in try inner.names() { _ = try self.copy(inner, child, nil, to: copy, child) }
      try copy.sync()
      return true
    }
    let calls = target.calls
    return try source.withFile(from) { file, status in
      if let identity, status.identity != identity { return false }
      let copy = try calls.call(.open, target.shown(name)) {
        name.withCString {
          openat(target.descriptor, $0, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o660)
        }
      }
      defer { close(copy) }
      try copyBytes(from: file, source.shown(from), to: copy, target.shown(name), calls: calls)
      return true
    }
  }

  /// Copies all bytes and brings them to disk; holes stay holes.
  static func copyBytes(
    from source: Int32, _ from: String, to target: Int32, _ to: String, calls: SystemCalls
  ) throws {
    var piece = [UInt8](repeating: 0, count: 1 << 20)
    var status = stat()
    try calls.call(.status, from) { fstat(source, &status) }
    while true {
      try skipHole(source, from, target, to, size: status.st_size, calls)
      let count = try piece.withUnsafeMutableBytes { buffer in
        try calls.call(.read, from) { read(source, buffer.baseAddress, buffer.count) }
      }
      if count == 0 { break }
      var done = 0
      while done < count {
        done += try piece.withUnsafeBytes { buffer in
          try calls.call(.write, to) {
            write(target, buffer.baseAddress?.advanced(by: done), count - done)
          }
        }
      }
    }
    try calls.call(.sync, to) { fsync(target) }
  }

  /// Goes on behind a hole of the source, if it stands before one: there is nothing to copy in it.
  private static func skipHole(
    _ source: Int32, _ from: String, _ target: Int32, _ to: String, size: off_t,
    _ calls: SystemCalls
  ) throws {
    let place = lseek(source, 0, SEEK_CUR)
    guard place >= 0, place < size else { return }
    var next = off_t(linux_next_data(source, Int64(place)))
    // ENXIO: nothing but a hole is left. Where the file system does not know, nothing is skipped.
    if next < 0 { next = errno == ENXIO ? size : place }
    try calls.call(.read, from) { lseek(source, next, SEEK_SET) }
    guard next > place else { return }
    // A length first: behind the last hole nothing is written.
    try calls.call(.write, to) { ftruncate(target, next) }
    try calls.call(.write, to) { lseek(target, next, SEEK_SET) }
  }
}
