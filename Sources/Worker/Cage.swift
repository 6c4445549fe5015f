import CLinux
import WorkerProtocol

@preconcurrency import Glibc

/// Confines this process to what answering needs: it may read the model, what it knows of memory,
/// and the files it is handed; it may write to its pipe. Decoders and models from anywhere run in
/// it, and one of them may be taken over by what it reads.
///
/// The kernel never takes any of this back, and what starts later starts confined. A part that this
/// kernel lacks is said, and the worker goes on without it. There is no limit on address space or
/// processes: mapped models and huge pages take space that is no memory, and processes are counted
/// for all programs of the user, while the filter forbids to start any.
struct Cage {
  private var report = WorkerCage()

  /// The most files that are open at once: all media of a job, and some.
  private static let maxFiles: UInt64 = 2048
  /// The most bytes of a file that is written to: the log, if anything.
  private static let maxFileBytes: UInt64 = 16 << 20
  /// What the memory planner reads, and where the C library counts processors.
  private static let systemFiles = [
    "/proc/self", "/proc/meminfo", "/proc/pressure/memory", "/sys/fs/cgroup",
    "/sys/devices/system/cpu",
  ]

  /// Closes the cage around this process, which should have no other threads yet.
  ///
  /// - Parameters:
  ///   - pipe: the descriptor on which files are received.
  ///   - model: the folder of the model.
  static func close(pipe: Int32, model: String) -> WorkerCage {
    var cage = Cage()
    cage.limit()
    cage.note("no tracing", linux_forbid_tracing())
    cage.note("no capabilities", linux_drop_capabilities())
    cage.note("no new privileges", linux_forbid_new_privileges())
    cage.restrictFiles(model: model)
    cage.note("system call filter", linux_filter_calls(pipe, 1))
    return cage.report
  }

  private mutating func note(_ part: String, _ result: Int32) {
    if result == 0 {
      report.parts.append(part)
    } else {
      report.missing.append("\(part) (\(String(cString: strerror(errno))))")
    }
  }

  private mutating func limit() {
    // A write beyond the limit fails instead of ending the process.
    signal(SIGXFSZ, SIG_IGN)
    note("no core dumps", linux_limit(Int32(RLIMIT_CORE.rawValue), 0))
    note("limit on open files", linux_limit(Int32(RLIMIT_NOFILE.rawValue), Self.maxFiles))
    note("limit on file sizes", linux_limit(Int32(RLIMIT_FSIZE.rawValue), Self.maxFileBytes))
  }

  private mutating func restrictFiles(model: String) {
    let part = "Landlock version \(linux_landlock_version())"
    let rules = linux_landlock_forbid_all()
    guard rules >= 0 else {
      return report.missing.append("Landlock, which this kernel lacks or does not allow")
    }
    defer { Glibc.close(rules) }
    for path in Self.systemFiles + [model] + Self.linkTargets(in: model) {
      // What is not there cannot be read anyway.
      _ = linux_landlock_allow_reading(rules, path)
    }
    note(part, linux_landlock_enter(rules))
    let threads = linux_threads()
    if threads > 1 { report.missing.append("Landlock for \(threads - 1) threads from before it") }
  }

  /// Where the links of a folder lead: files of a model may be links to a cache.
  private static func linkTargets(in folder: String) -> [String] {
    guard let stream = opendir(folder) else { return [] }
    defer { closedir(stream) }
    var paths: [String] = []
    while let entry = readdir(stream) {
      guard entry.pointee.d_type == UInt8(DT_LNK) || entry.pointee.d_type == UInt8(DT_UNKNOWN)
      else { continue }
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      let path = folder + "/" + name
      var status = stat()
      // A link to a folder would open all that is below it, and no model has folders.
      if stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG { paths.append(path) }
    }
    return paths
  }
}
