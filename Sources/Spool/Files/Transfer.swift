import Diagnostics

@preconcurrency import Glibc

/// Moves files between file systems, where a rename cannot: whole at the new place and on disk
/// before the old one goes.
enum Transfer {
  /// Moves a regular file, or a folder with all that is in it.
  ///
  /// Cut short, it leaves the source as it was or, at the end, both; doing it again is right then.
  static func move(_ source: Folder, _ from: BytePath, to target: Folder, _ name: BytePath) throws {
    let temporary = BytePath(bytes: Array(".".utf8) + name.bytes + Array(".new".utf8))
    try target.removeTree(temporary)
    try copy(source, from, to: target, temporary)
    try target.sync()
    try target.rename(temporary, to: target, name)
    try target.sync()
    try source.inParent(of: from) { parent, last in try parent.removeTree(last) }
  }

  private static func copy(
    _ source: Folder, _ from: BytePath, to target: Folder, _ name: BytePath
  ) throws {
    if try source.status(from)?.kind == .folder {
      let inner = try source.folder(from)
      let copy = try target.makeFolder(name)
      for child in try inner.names() { try self.copy(inner, child, to: copy, child) }
      try copy.sync()
      return
    }
    let calls = target.calls
    try source.withFile(from) { file, _ in
      let copy = try calls.call(.open, target.shown(name)) {
        name.withCString {
          openat(target.descriptor, $0, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o660)
        }
      }
      defer { close(copy) }
      try copyBytes(from: file, source.shown(from), to: copy, target.shown(name), calls: calls)
    }
  }

  /// Copies all bytes and brings them to disk.
  static func copyBytes(
    from source: Int32, _ from: String, to target: Int32, _ to: String, calls: SystemCalls
  ) throws {
    var piece = [UInt8](repeating: 0, count: 1 << 20)
    while true {
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
}
