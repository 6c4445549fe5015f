/// What a process holds in memory, by what the kernel can do about it.
public struct HeldMemory: Sendable, Equatable {
  /// Bytes that only this process has: heap, stacks, caches.
  public var own: Int
  /// Bytes of mapped files. Free memory counts them too, for they can be read again: whoever adds
  /// the two counts them twice.
  public var files: Int

  /// Memory by kind, in bytes.
  public init(own: Int, files: Int = 0) {
    self.own = max(0, own)
    self.files = max(0, files)
  }

  /// Both kinds together.
  public var total: Int { own + files }
}
