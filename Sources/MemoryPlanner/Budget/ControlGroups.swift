import Basics
import Diagnostics

/// The control groups of this process, from its own up to the root, in both versions of the interface
/// where the machine mounts them.
struct ControlGroups {
  /// One group and its memory limit, if it has one.
  struct Group: Equatable {
    /// Its path below the mount.
    let path: String
    /// The limit, or `nil` where there is none.
    let limit: Int?
    /// The file that holds the limit.
    let file: String
    /// Bytes in use that are not pages of files.
    let used: Int
    /// Percent of the last ten seconds in which all its processes waited for memory, where known.
    let pressure: Double?

    /// Pages of files are not counted as used, because the kernel frees them when memory is needed,
    /// recently read ones, too, as in its own `MemAvailable`. A model that was read twice to be packed
    /// leaves its whole file behind as active pages, which are not needed any more.
    init(path: String, limit: Int?, file: String, used: Int, pressure: Double? = nil) {
      self.path = path.isEmpty ? "/" : path
      self.limit = limit
      self.file = file
      self.used = max(0, used)
      self.pressure = pressure
    }

    /// Bytes that a process of the group may hold, or `nil` where there is no limit.
    ///
    /// - Parameter held: the bytes that the process itself uses, a part of `used`.
    func budget(held: Int) -> Int? {
      limit.map { limit in
        let (sum, overflow) = held.addingReportingOverflow(max(0, limit.subtractingClamped(used)))
        // Never more than the limit, but at least what the process uses already.
        return overflow ? limit : min(sum, max(limit, held))
      }
    }

    /// The limit in words: the unit's option where systemd made the group.
    var setting: String {
      let name = path.split(separator: "/").last.map(String.init) ?? "/"
      let isUnit = [".service", ".slice", ".scope"].contains { name.hasSuffix($0) }
      guard isUnit else { return "\(file) of the control group \(path)" }
      return "\(file == "memory.high" ? "MemoryHigh" : "MemoryMax") of \(name)"
    }
  }

  /// This process's group and all above it.
  let ancestors: [Group]

  /// Version 1 writes "no limit" as the largest number of whole pages, which is above this.
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
    // Above `high` the kernel slows the group down until it nearly stands still.
    let limits = ["memory.max", "memory.high"].compactMap { name in
      files.number("\(folder)/\(name)").map { (file: name, bytes: $0) }
    }
    let lowest = limits.min { $0.bytes < $1.bytes }
    let reclaimable = files.filePages("", of: folder + "/memory.stat")
    return Group(
      path: path, limit: lowest?.bytes, file: lowest?.file ?? "memory.max",
      used: used.subtractingClamped(reclaimable),
      pressure: files.text(folder + "/memory.pressure").flatMap(MemoryPressure.full))
  }

  private static func version1(_ files: SystemFiles, _ mount: String, _ path: String) -> Group? {
    let folder = mount + path
    guard let used = files.number(folder + "/memory.usage_in_bytes") else { return nil }
    let name = "memory.limit_in_bytes"
    let limit = files.number("\(folder)/\(name)").flatMap { $0 < unlimited ? $0 : nil }
    // Without `total_` the file counts the group's own pages only, without those of the groups below.
    let reclaimable = files.filePages("total_", of: folder + "/memory.stat")
    return Group(path: path, limit: limit, file: name, used: used.subtractingClamped(reclaimable))
  }
}

extension SystemFiles {
  /// Bytes of the pages of files in a `memory.stat`.
  fileprivate func filePages(_ prefix: String, of path: String) -> Int {
    ["inactive_file", "active_file"].reduce(0) { sum, name in
      sum.addingClamped(max(0, field(prefix + name, of: path) ?? 0))
    }
  }
}
