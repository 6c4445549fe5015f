import Merging

/// Options for reading a prompt with a language model (prefill).
public struct ReadingOptions {
  /// How visual tokens are merged.
  public var merging: ResolvedMerging
  /// Tokens that may be generated afterwards; the caches have room for them.
  public var room: Int
  /// Whether keys and values are held in bf16, whatever the model's precision.
  public var narrowsCache = false
  /// Whether other prompts that begin like this one will be read, so that what is needed to go back to the
  /// end of the visual tokens is kept.
  public var keepsBeginning = false
  /// Lowers what merging layers keep during prefill; `nil` keeps the planned retention.
  public var policy: (any RetentionPolicy)?

  /// Options from their parts.
  public init(
    merging: ResolvedMerging, room: Int, narrowsCache: Bool = false, keepsBeginning: Bool = false,
    policy: (any RetentionPolicy)? = nil
  ) {
    self.merging = merging
    self.room = room
    self.narrowsCache = narrowsCache
    self.keepsBeginning = keepsBeginning
    self.policy = policy
  }
}
