import Diagnostics

@preconcurrency import Glibc

/// What the kernel knows about a file.
public struct FileStatus: Sendable, Equatable {
  /// The kind of file.
  public enum Kind: String, Sendable, Codable {
    case file, folder, link, special
  }

  /// Identifies a file, whatever its name.
  public struct Identity: Sendable, Hashable, Codable {
    /// The number of the file system.
    public let device: UInt64
    /// The number of the file on it.
    public let inode: UInt64
  }

  /// The kind of file.
  public let kind: Kind
  /// The identity of the file.
  public let identity: Identity
  /// The size in bytes.
  public let size: Int
  /// The last change of the content, in nanoseconds since 1970.
  public let modified: Int
  /// The last change of content, name or rights, in nanoseconds since 1970.
  public let changed: Int

  init(_ status: stat) {
    kind =
      switch status.st_mode & S_IFMT {
      case S_IFREG: .file
      case S_IFDIR: .folder
      case S_IFLNK: .link
      default: .special
      }
    identity = Identity(device: UInt64(status.st_dev), inode: UInt64(status.st_ino))
    size = Int(status.st_size)
    modified = Self.nanoseconds(status.st_mtim)
    changed = Self.nanoseconds(status.st_ctim)
  }

  /// Any user can set a file's times; those beyond the year 2262 are clamped.
  private static func nanoseconds(_ time: timespec) -> Int {
    Int(time.tv_sec).multipliedClamped(by: 1_000_000_000).addingClamped(Int(time.tv_nsec))
  }
}
