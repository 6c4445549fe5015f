import CLinux

@preconcurrency import Glibc

/// An open folder. Everything below it is opened relative to its descriptor and without following links,
/// so no name and no race can lead outside.
public final class Folder: Sendable {
  /// The descriptor; open as long as this object lives.
  let descriptor: Int32
  /// The path for people.
  public let path: String
  let calls: SystemCalls

  private init(descriptor: Int32, path: String, calls: SystemCalls) {
    self.descriptor = descriptor
    self.path = path
    self.calls = calls
  }

  deinit { close(descriptor) }

  /// Opens a folder by its path; links in the path are followed, because the administrator made them.
  public convenience init(path: String, calls: SystemCalls) throws {
    let descriptor = try calls.call(.open, path) {
      open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    }
    self.init(descriptor: descriptor, path: path, calls: calls)
  }

  /// Opens a folder below this one.
  public func folder(_ relative: BytePath) throws -> Folder {
    var current = self
    for part in try safeParts(of: relative) {
      let parent = current
      let shown = parent.shown(part)
      let descriptor = try calls.call(.open, shown) {
        part.withCString {
          openat(parent.descriptor, $0, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW)
        }
      }
      current = Folder(descriptor: descriptor, path: shown, calls: calls)
    }
    return current
  }

  /// Creates a folder below this one if it does not exist, and opens it.
  public func makeFolder(_ name: BytePath, mode: mode_t = 0o770) throws -> Folder {
    do {
      try calls.call(.makeFolder, shown(name)) {
        name.withCString { mkdirat(descriptor, $0, mode) }
      }
    } catch {
      if error.number != EEXIST { throw error }
    }
    return try folder(name)
  }

  /// The status of a path; `nil` if it does not exist.
  public func status(_ relative: BytePath) throws -> FileStatus? {
    do {
      return try inParent(of: relative) { folder, name in
        var result = stat()
        try calls.call(.status, folder.shown(name)) {
          name.withCString { fstatat(folder.descriptor, $0, &result, AT_SYMLINK_NOFOLLOW) }
        }
        return FileStatus(result)
      }
    } catch let failure as CallFailure where failure.number == ENOENT || failure.number == ENOTDIR {
      return nil
    }
  }

  /// The status of this folder.
  public func status() throws -> FileStatus {
    var result = stat()
    try calls.call(.status, path) { fstat(descriptor, &result) }
    return FileStatus(result)
  }

  /// The names in this folder, in no order, without `.` and `..`.
  public func names() throws -> [BytePath] {
    // A separate descriptor, because the reading position of a folder belongs to the open description.
    let own = try calls.call(.open, path) {
      openat(descriptor, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    }
    guard let stream = fdopendir(own) else {
      let number = errno
      close(own)
      throw CallFailure(operation: .read, path: path, number: number)
    }
    defer { closedir(stream) }
    var names: [BytePath] = []
    while true {
      errno = 0
      guard let entry = readdir(stream) else {
        let number = errno
        guard number == 0 else {
          throw CallFailure(operation: .read, path: path, number: number)
        }
        return names
      }
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { BytePath(bytes: $0) }
      if name.bytes != [0x2E], name.bytes != [0x2E, 0x2E] { names.append(name) }
    }
  }

  /// Renames; the new name must be free unless `replacing`.
  public func rename(
    _ from: BytePath, to target: Folder, _ name: BytePath, replacing: Bool = false
  ) throws {
    try inParent(of: from) { folder, old in
      try calls.call(.rename, folder.shown(old)) {
        old.withCString { old in
          name.withCString { new in
            replacing
              ? renameat(folder.descriptor, old, target.descriptor, new)
              : linux_rename_new(folder.descriptor, old, target.descriptor, new)
          }
        }
      }
    }
  }

  /// Creates a hard link; both must be on the same file system.
  func link(_ from: BytePath, to target: Folder, _ name: BytePath) throws {
    try inParent(of: from) { folder, old in
      try calls.call(.link, folder.shown(old)) {
        old.withCString { old in
          name.withCString { new in linkat(folder.descriptor, old, target.descriptor, new, 0) }
        }
      }
    }
  }

  /// Syncs the names in this folder to disk.
  public func sync() throws {
    try calls.call(.sync, path) { fsync(descriptor) }
  }

  /// The path of something in this folder, for people.
  func shown(_ name: BytePath) -> String { path + "/" + name.escaped }

  /// Calls `body` with the folder that contains a path's last part, and with that part.
  @discardableResult
  func inParent<Result>(
    of relative: BytePath, _ body: (Folder, BytePath) throws -> Result
  ) throws -> Result {
    let parts = try safeParts(of: relative)
    guard let last = parts.last else {
      throw CallFailure(operation: .open, path: shown(relative), number: EINVAL)
    }
    let parent = relative.parent
    return try body(parent.isEmpty ? self : try folder(parent), last)
  }

  /// The parts of a path, none of which may lead upwards.
  private func safeParts(of relative: BytePath) throws -> [BytePath] {
    let parts = relative.components
    let leaves = parts.contains { $0.bytes == [0x2E, 0x2E] }
    guard !leaves, relative.bytes.first != UInt8(ascii: "/") else {
      throw CallFailure(operation: .open, path: shown(relative), number: EINVAL)
    }
    return parts
  }
}
