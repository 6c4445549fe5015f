import Basics
import Diagnostics

/// Finds the memory that this process may use: the least of the configured limit, what every control
/// group above it leaves, and what the machine has available.
///
/// What cannot be read sets no limit: work is not refused because a machine has no control groups.
public struct BudgetReader: Sendable {
  private let files: SystemFiles

  /// Memory left to the rest of the system where the machine itself is the limit: 128 MiB, enough for a
  /// shell, a log and the page cache of a small system.
  public static let reserve = 128 << 20

  /// - Parameter root: the folder that stands for `/`, for tests.
  public init(root: String = "") { files = SystemFiles(root: root) }

  /// The budget now.
  ///
  /// - Parameters:
  ///   - configured: a limit that was set, in bytes.
  ///   - name: the name of that limit, for messages.
  ///   - held: bytes of its own that the process uses already: heap and stacks but no mapped files. They
  ///     count towards limits.
  /// - Returns: the strictest limit, or `nil` where there is none at all.
  public func read(
    configured: Int?, name: String = Self.configuredName, held: Int
  ) -> MemoryBudget? {
    var budgets = Self.configured(configured, name)
    for group in ControlGroups(files).ancestors {
      guard let bytes = group.budget(held: held) else { continue }
      budgets.append(
        MemoryBudget(
          bytes: bytes, source: .controlGroup(group.path, setting: group.setting)))
    }
    if let available = MachineMemory(files).available {
      // Mapped files count as available memory already.
      budgets.append(
        MemoryBudget(
          bytes: max(0, held.addingClamped(available) - Self.reserve), source: .available))
    }
    return budgets.min { $0.bytes < $1.bytes }
  }

  /// The budget if no other process used memory: the limits themselves.
  public func ceiling(configured: Int?, name: String = Self.configuredName) -> MemoryBudget? {
    var budgets = Self.configured(configured, name)
    for group in ControlGroups(files).ancestors {
      guard let limit = group.limit else { continue }
      budgets.append(
        MemoryBudget(bytes: limit, source: .controlGroup(group.path, setting: group.setting)))
    }
    if let total = MachineMemory(files).total {
      budgets.append(
        MemoryBudget(bytes: max(0, total - Self.reserve), source: .available))
    }
    return budgets.min { $0.bytes < $1.bytes }
  }

  /// Percent of the last ten seconds in which every process waited for memory: the highest value of the
  /// machine and of all groups above this process; `nil` where the kernel does not report it.
  public func pressure() -> Double? {
    var values = ControlGroups(files).ancestors.compactMap(\.pressure)
    if let machine = files.text("/proc/pressure/memory").flatMap(MemoryPressure.full) {
      values.append(machine)
    }
    return values.max()
  }

  /// The default name of a configured limit.
  public static let configuredName = "the configured limit"

  private static func configured(_ bytes: Int?, _ name: String) -> [MemoryBudget] {
    bytes.map { [MemoryBudget(bytes: $0, source: .configured(name: name))] } ?? []
  }
}
