import Synchronization

@preconcurrency import Glibc

/// Ends the process at a chosen step, as a power cut would.
///
/// `ILLAVA_DIE_AT` names the step: `claim.renamed` for the first time it is reached,
/// `claim.renamed:3` for the third, or a number alone for the n-th step of any name.
public final class CrashSteps: Sendable {
  private let name: String?
  private let count: Int
  private let passedSteps = Mutex(0)

  /// Ends the process at the step that `text` names; `nil` for never.
  public init(_ text: String? = nil) {
    let parts = (text ?? "").split(separator: ":")
    if let only = parts.first, parts.count == 1, let number = Int(only) {
      (name, count) = (nil, number)
    } else {
      name = parts.first.map(String.init)
      count = parts.count > 1 ? Int(parts[1]) ?? 1 : (name == nil ? 0 : 1)
    }
  }

  /// The steps that the environment asks for.
  public convenience init(environment: [String: String]) {
    self.init(environment["ILLAVA_DIE_AT"])
  }

  func passed(_ step: String) {
    guard count > 0, name == nil || name == step else { return }
    let reached = passedSteps.withLock { steps in
      steps += 1
      return steps
    }
    // SIGKILL, so that nothing of this process can clean up.
    if reached == count { kill(getpid(), SIGKILL) }
  }
}
