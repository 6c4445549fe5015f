import Synchronization

@preconcurrency import Glibc

/// The one way to the kernel for everything that changes the spool, so that tests can make the n-th
/// call fail and a run can be made to end after any step.
public final class SystemCalls: Sendable {
  /// What is done to a file, a folder or the store.
  public enum Operation: String, Sendable, CaseIterable {
    case open, read, write, sync, rename, remove, makeFolder, link, commit, status

    var participle: String {
      switch self {
      case .open: "opened"
      case .read: "read"
      case .write: "written"
      case .sync: "brought to disk"
      case .rename: "renamed"
      case .remove: "removed"
      case .makeFolder: "created"
      case .link: "linked"
      case .commit: "committed"
      case .status: "examined"
      }
    }
  }

  /// Asked before every call; an `errno` it returns makes the call fail with it, untried.
  public typealias Fault = @Sendable (Operation, String) -> Int32?

  private let fault: Fault?
  private let crash: CrashSteps
  private let pulse: (@Sendable () -> Void)?

  /// Calls that reach the kernel unless `fault` says otherwise.
  ///
  /// - Parameters:
  ///   - crash: where the process is to end, for tests of recovery.
  ///   - pulse: told all the time while something that takes long goes on.
  public init(
    crash: CrashSteps = CrashSteps(), fault: Fault? = nil, pulse: (@Sendable () -> Void)? = nil
  ) {
    self.crash = crash
    self.pulse = pulse
    self.fault = fault
  }

  /// Runs a call until it is not interrupted.
  ///
  /// - Parameter body: returns a negative number and sets `errno` where it fails.
  /// - Returns: what `body` returned.
  @discardableResult
  func call<Number: SignedInteger>(
    _ operation: Operation, _ path: @autoclosure () -> String, _ body: () -> Number
  ) throws(CallFailure) -> Number {
    if let fault, let number = fault(operation, path()) {
      throw CallFailure(operation: operation, path: path(), number: number)
    }
    while true {
      let result = body()
      if result >= 0 { return result }
      let number = errno
      if number != EINTR { throw CallFailure(operation: operation, path: path(), number: number) }
    }
  }

  /// Says that something that takes long, such as copying a video, has got on.
  func progressed() { pulse?() }

  /// Says that a step that others rely on is done.
  ///
  /// - Parameter name: part and step, such as `claim.renamed`.
  func passed(_ name: String) { crash.passed(name) }
}
