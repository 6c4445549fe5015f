import CLinux

/// The file system of a folder, as far as it matters for watching the folder.
public struct FileSystemKind: Sendable, Equatable {
  /// Its name for people, such as `nfs`.
  public let name: String
  /// Whether inotify reports the changes of other programs.
  public let reportsChanges: Bool

  /// File systems where changes may come from elsewhere (another machine, a server process, a layer
  /// below) without this kernel's inotify seeing them. Numbers of statfs(2).
  private static let silent: [UInt64: String] = [
    0x6969: "nfs", 0xFF53_4D42: "cifs", 0xFE53_4D42: "smb2", 0x517B: "smb", 0x6573_5546: "fuse",
    0x794C_7630: "overlay", 0x0102_1997: "9p", 0x5346_414F: "afs",
    0x0C36_4000: "ceph", 0x7375_7245: "coda", 0x0BD0_0BD0: "lustre", 0x564C: "ncp",
    0x1983_0326: "beegfs", 0x786F_4256: "vboxsf",
  ]
  private static let local: [UInt64: String] = [
    0xEF53: "ext4", 0x9123_683E: "btrfs", 0x5846_5342: "xfs", 0x0102_1994: "tmpfs",
    0xF2F5_2010: "f2fs", 0x4D44: "vfat", 0x2011_BAB0: "exfat", 0x2FC1_2FC1: "zfs",
    0x5346_544E: "ntfs", 0x7366_746E: "ntfs3", 0x3153_464A: "jfs", 0x8584_58F6: "ramfs",
    0xCA45_1A4E: "bcachefs",
  ]

  /// The file system with a number of statfs(2).
  public init(type: UInt64) {
    // Numbers of 32 bits may have been sign-extended to 64.
    let type = type & 0xFFFF_FFFF
    if let name = Self.silent[type] {
      (self.name, reportsChanges) = (name, false)
    } else {
      (name, reportsChanges) = (Self.local[type] ?? "0x" + String(type, radix: 16), true)
    }
  }
}

extension Folder {
  /// The file system that this folder lies on.
  public var fileSystem: FileSystemKind { FileSystemKind(type: linux_file_system_type(descriptor)) }
}
