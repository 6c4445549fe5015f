import Synchronization

@preconcurrency import Glibc

/// Makes all system calls that change the spool, so that tests can make the n-th call fail and end the
/// process after any step.
public final class SystemCalls: Sendable {
  /// The operations on files, folders and the store.
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

  /// Called before every call; an `errno` that it returns makes the call fail without being tried.
  public typealias Fault = @Sendable (Operation, String) -> Int32?

  private let fault: Fault?
  private let crash: CrashSteps
  private let pulse: (@Sendable () -> Void)?

  /// Calls the kernel unless `fault` returns an error.
  ///
  /// - Parameters:
  ///   - crash: where the process ends, for tests of recovery.
  ///   - pulse: called repeatedly during long operations.
  public init(
    crash: CrashSteps = CrashSteps(), fault: Fault? = nil, pulse: (@Sendable () -> Void)? = nil
  ) {
    self.crash = crash
    self.pulse = pulse
    self.fault = fault
  }

  /// Repeats a call while it is interrupted.
  ///
  /// - Parameter body: returns a negative number and sets `errno` where it fails.
  /// - Returns: the result of `body`.
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

  /// Reports progress of a long operation, such as copying a video.
  func progressed() { pulse?() }

  /// Reports that a step that others rely on is done.
  ///
  /// - Parameter name: the part and the step, such as `claim.renamed`.
  func passed(_ name: String) { crash.passed(name) }
}
