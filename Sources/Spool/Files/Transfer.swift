import CLinux
import Diagnostics

@preconcurrency import Glibc

/// Moves files between file systems, where a rename is impossible: the copy is complete and on disk
/// before the original is removed.
enum Transfer {
  /// Moves a regular file, or a folder with everything in it.
  ///
  /// An interruption leaves the original or, at the end, both; then the call can be repeated.
  ///
  /// - Parameter identity: the file to move, which may be gone or replaced meanwhile.
  /// - Returns: whether that file was there; otherwise nothing was done.
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

  /// Brings a file, or a folder with everything in it, to a new place: by a rename or, on another file
  /// system, as a copy that appears there only when it is complete and on disk. After a copy the
  /// original is still in the old place; `retire` removes it.
  ///
  /// - Parameter left: names in the folder that are not copied.
  static func bring(
    _ source: Folder, _ from: BytePath, to target: Folder, _ name: BytePath,
    without left: [BytePath] = []
  ) throws {
    do {
      try source.rename(from, to: target, name)
    } catch let failure as CallFailure where failure.number == EXDEV {
      let temporary = BytePath(bytes: Array(".".utf8) + name.bytes + Array(".new".utf8))
      try target.removeTree(temporary)
      _ = try copy(source, from, nil, to: target, temporary)
      for name in left { try target.removeTree(temporary.appending(name)) }
      if !left.isEmpty { try target.folder(temporary).sync() }
      try target.sync()
      try target.rename(temporary, to: target, name)
    }
    try target.sync()
  }

  /// Removes a file or folder. It is renamed first, so that a partly removed one is never taken for a
  /// whole one.
  static func retire(_ folder: Folder, _ name: BytePath) throws {
    let removed = BytePath(bytes: Array(".".utf8) + name.bytes + Array(".removed".utf8))
    try folder.removeTree(removed)
    do {
      try folder.rename(name, to: folder, removed)
    } catch let failure as CallFailure where failure.number == ENOENT {
      return
    }
    try folder.sync()
    try folder.removeTree(removed)
  }

  /// Copies a file, or a folder with everything in it, under a free name.
  static func copy(
    _ source: Folder, _ from: BytePath, to target: Folder, _ name: BytePath
  ) throws {
    _ = try copy(source, from, nil, to: target, name)
  }

  /// - Parameter identity: the file to copy; `nil` for any.
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

  /// Copies all bytes of a regular file and syncs them to disk; holes stay holes.
  static func copyBytes(
    from source: Int32, _ from: String, to target: Int32, _ to: String, calls: SystemCalls
  ) throws {
    var piece = [UInt8](repeating: 0, count: 1 << 20)
    var offset: off_t = 0
    while true {
      let data = off_t(linux_next_data(source, Int64(offset)))
      if data < 0, errno == ENXIO {
        // The rest of the file is a hole.
        let size = lseek(source, 0, SEEK_END)
        if size > offset { try calls.call(.write, to) { ftruncate(target, size) } }
        break
      }
      offset = max(offset, data)
      let count = try piece.withUnsafeMutableBytes { buffer in
        try calls.call(.read, from) { pread(source, buffer.baseAddress, buffer.count, offset) }
      }
      if count == 0 { break }
      var done = 0
      while done < count {
        done += try piece.withUnsafeBytes { buffer in
          try calls.call(.write, to) {
            pwrite(
              target, buffer.baseAddress?.advanced(by: done), count - done, offset + off_t(done))
          }
        }
      }
      offset += off_t(count)
      calls.progressed()
    }
    try calls.call(.sync, to) { fsync(target) }
  }

}
