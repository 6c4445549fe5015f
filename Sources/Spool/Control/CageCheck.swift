import CLinux
import WorkerProtocol

/// What `illava doctor` reports about the worker's cage.
enum CageCheck {
  /// The restrictions on a worker.
  ///
  /// - Parameter cage: the restrictions a worker reported; `nil` where none was started: then the kernel
  ///   is asked.
  static func finding(_ cage: WorkerCage?) -> Checkup.Finding {
    let found = cage ?? kernel()
    let parts = found.parts.joined(separator: ", ")
    let whose = cage == nil ? "this kernel has for workers" : "workers are confined by"
    guard !found.missing.isEmpty else {
      return Checkup.Finding(level: .good, subject: "cage", message: "\(whose): \(parts)")
    }
    return Checkup.Finding(
      level: .note, subject: "cage",
      message: "\(whose): \(parts.isEmpty ? "nothing" : parts); missing: "
        + found.missing.joined(separator: ", "),
      remedy: "Allow what is missing: without it, a medium that breaks a decoder could do more. "
        + "Landlock is in kernels from 5.13 on, where the boot option lsm= names it; a container may "
        + "forbid both parts.")
  }

  private static func kernel() -> WorkerCage {
    var cage = WorkerCage()
    let version = linux_landlock_version()
    if version > 0 {
      cage.parts.append("Landlock version \(version)")
    } else {
      cage.missing.append("Landlock, which this kernel lacks or does not allow")
    }
    if linux_can_filter_calls() != 0 {
      cage.parts.append("system call filter")
    } else {
      cage.missing.append("system call filter")
    }
    return cage
  }
}
