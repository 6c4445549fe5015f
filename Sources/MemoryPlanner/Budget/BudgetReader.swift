/// Finds the memory this process may hold: the least of what was configured, what every control
/// group above it leaves, and what the machine has available.
///
/// What cannot be read sets no limit: a machine without control groups is no reason to refuse work.
public struct BudgetReader: Sendable {
  private let files: SystemFiles

  /// Memory left to everything else on the machine when the machine itself is the limit: 128 MiB,
  /// enough for a shell, a log and the page cache of a small system.
  public static let reserve = 128 << 20

  /// - Parameter root: the folder that stands for `/`, for tests.
  public init(root: String = "") { files = SystemFiles(root: root) }

  /// The budget now.
  ///
  /// - Parameters:
  ///   - configured: a limit that was asked for, in bytes.
  ///   - held: what the process holds already, in bytes; limits count it.
  /// - Returns: the strictest limit, or `nil` where there is none at all.
  public func read(configured: Int?, held: Int) -> MemoryBudget? {
    var budgets: [MemoryBudget] = []
    if let configured { budgets.append(MemoryBudget(bytes: configured, source: .configured)) }
    for group in ControlGroups(files).ancestors {
      guard let free = group.free else { continue }
      budgets.append(
        MemoryBudget(bytes: saturatingAdd(held, free), source: .controlGroup(group.path)))
    }
    if let available = MachineMemory(files).available {
      budgets.append(
        MemoryBudget(
          bytes: max(0, saturatingAdd(held, available) - Self.reserve), source: .available))
    }
    return budgets.min { $0.bytes < $1.bytes }
  }

  /// The budget there would be if nobody else held any memory: the limits themselves.
  public func ceiling(configured: Int?) -> MemoryBudget? {
    var budgets: [MemoryBudget] = []
    if let configured { budgets.append(MemoryBudget(bytes: configured, source: .configured)) }
    for group in ControlGroups(files).ancestors {
      guard let limit = group.limit else { continue }
      budgets.append(MemoryBudget(bytes: limit, source: .controlGroup(group.path)))
    }
    if let total = MachineMemory(files).total {
      budgets.append(
        MemoryBudget(bytes: max(0, total - Self.reserve), source: .available))
    }
    return budgets.min { $0.bytes < $1.bytes }
  }

  private func saturatingAdd(_ a: Int, _ b: Int) -> Int {
    let (sum, overflow) = a.addingReportingOverflow(b)
    return overflow ? .max : sum
  }
}
