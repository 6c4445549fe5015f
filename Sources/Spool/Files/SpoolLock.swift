import Diagnostics

@preconcurrency import Glibc

/// The right to write the store, held by one process at a time; the kernel takes it back when that
/// process ends, however it ends.
public final class SpoolLock: Sendable {
  private let descriptor: Int32

  /// Takes the lock, or returns `nil` if another process has it.
  ///
  /// - Throws: when the file cannot be created.
  public init?(path: String) throws(Failure) {
    let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      throw CallFailure(operation: .open, path: path, number: errno).failure
    }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      close(descriptor)
      return nil
    }
    self.descriptor = descriptor
  }

  deinit { close(descriptor) }
}
