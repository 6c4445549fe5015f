@preconcurrency import Glibc

/// A descriptor, closed with the last reference to it.
final class OpenedFile: Sendable {
  let descriptor: Int32

  /// Takes a descriptor over.
  init(descriptor: Int32) { self.descriptor = descriptor }

  deinit { close(descriptor) }
}
