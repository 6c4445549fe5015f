import CLinux
import Models
import WorkerProtocol

@preconcurrency import Glibc

/// Confines this process to what answering needs: it may read the model, the system's files about
/// memory, fonts, and the media passed to it; it may write to its pipe. It runs decoders and models from any
/// source, and a malicious file may take over one of them.
///
/// The kernel never lifts these restrictions, and threads started later inherit them. A restriction that
/// this kernel does not support is reported, and the worker runs without it. Address space and the
/// number of processes are not limited: mapped models and huge pages take address space that is not
/// memory, and processes are counted for all programs of the user, while the filter forbids starting
/// any.
struct Cage {
  private var report = WorkerCage()

  /// The most files open at once: all media of a job, and a few more.
  private static let maxFiles: UInt64 = 2048
  /// The most bytes of a file that the worker writes: at most the log.
  private static let maxFileBytes: UInt64 = 16 << 20
  /// The files that the memory planner reads, and those where the C library counts processors.
  private static let systemFiles = [
    "/proc/self", "/proc/meminfo", "/proc/pressure/memory", "/sys/fs/cgroup",
    "/sys/devices/system/cpu",
  ]
  /// The fonts, their settings and lists, and the tables of characters, for documents that do not bring
  /// the fonts of their text.
  private static let fontFiles = [
    "/etc/fonts", "/usr/share/fonts", "/usr/local/share/fonts", "/usr/share/fontconfig",
    "/var/cache/fontconfig", "/usr/share/poppler",
  ]

  /// Confines this process, which should have no other threads yet.
  ///
  /// - Parameters:
  ///   - pipe: the descriptor on which files are received.
  ///   - model: the folder of the model, or the name of another place.
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
    let models = ModelPlace(model).readablePaths
    for path in Self.systemFiles + Self.fontFiles + models + models.flatMap(Self.linkTargets) {
      // A missing file needs no permission.
      _ = linux_landlock_allow_reading(rules, path)
    }
    note(part, linux_landlock_enter(rules))
    let threads = linux_threads()
    if threads > 1 { report.missing.append("Landlock for \(threads - 1) threads from before it") }
  }

  /// The targets of a folder's links: files of a model may be links into a cache.
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
      // A link to a folder would allow everything below it, and models have no subfolders.
      if stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG { paths.append(path) }
    }
    return paths
  }
}
