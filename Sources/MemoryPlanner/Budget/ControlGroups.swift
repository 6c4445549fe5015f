/// The control groups this process is in, from its own up to the root, in whichever versions of the
/// interface the machine mounts.
struct ControlGroups {
  /// One group with a memory limit or without.
  struct Group: Equatable {
    /// Its path below the mount.
    let path: String
    /// The limit, or `nil` where there is none.
    let limit: Int?
    /// Bytes in use that cannot be reclaimed.
    let used: Int

    /// Inactive pages of files are given back as soon as somebody needs the memory: `used` is what
    /// is left without them.
    init(path: String, limit: Int?, used: Int) {
      self.path = path.isEmpty ? "/" : path
      self.limit = limit
      self.used = max(0, used)
    }

    /// Bytes that may still be taken, or `nil` where there is no limit.
    var free: Int? { limit.map { max(0, $0 - used) } }
  }

  /// This process's group and all above it.
  let ancestors: [Group]

  /// Limits of version 1 that mean none: the largest number of whole pages.
  private static let unlimited = 1 << 60

  init(_ files: SystemFiles) {
    var groups: [Group] = []
    for line in files.text("/proc/self/cgroup")?.split(separator: "\n") ?? [] {
      // hierarchy:controllers:path; the path itself may hold colons.
      let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      guard parts.count == 3 else { continue }
      let path = String(parts[2])
      if parts[1].isEmpty {
        for mount in ["/sys/fs/cgroup", "/sys/fs/cgroup/unified"] {
          groups += Self.walk(path) { Self.version2(files, mount, $0) }
        }
      } else if parts[1].split(separator: ",").contains("memory") {
        groups += Self.walk(path) { Self.version1(files, "/sys/fs/cgroup/memory", $0) }
      }
    }
    ancestors = groups
  }

  /// Calls `read` for a path and everything above it.
  private static func walk(_ path: String, _ read: (String) -> Group?) -> [Group] {
    var parts = path.split(separator: "/")
    var groups: [Group] = []
    while true {
      let path = parts.isEmpty ? "" : "/" + parts.joined(separator: "/")
      if let group = read(path) { groups.append(group) }
      if parts.isEmpty { return groups }
      parts.removeLast()
    }
  }

  private static func version2(_ files: SystemFiles, _ mount: String, _ path: String) -> Group? {
    let folder = mount + path
    guard let used = files.number(folder + "/memory.current") else { return nil }
    // Above `high` the group is throttled until it is as good as stopped.
    let limits = [folder + "/memory.max", folder + "/memory.high"].compactMap(files.number)
    let reclaimable = max(0, files.field("inactive_file", of: folder + "/memory.stat") ?? 0)
    return Group(path: path, limit: limits.min(), used: used - reclaimable)
  }

  private static func version1(_ files: SystemFiles, _ mount: String, _ path: String) -> Group? {
    let folder = mount + path
    guard let used = files.number(folder + "/memory.usage_in_bytes") else { return nil }
    let limit = files.number(folder + "/memory.limit_in_bytes").flatMap {
      $0 < unlimited ? $0 : nil
    }
    let reclaimable = max(0, files.field("total_inactive_file", of: folder + "/memory.stat") ?? 0)
    return Group(path: path, limit: limit, used: used - reclaimable)
  }
}
