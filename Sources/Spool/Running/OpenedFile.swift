@preconcurrency import Glibc

/// A file descriptor, closed with the last reference to it.
final class OpenedFile: Sendable {
  let descriptor: Int32

  /// Takes ownership of a descriptor.
  init(descriptor: Int32) { self.descriptor = descriptor }

  deinit { close(descriptor) }
}
