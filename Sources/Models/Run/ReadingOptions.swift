import Merging

/// How a language model reads a prompt.
public struct ReadingOptions {
  /// How visual tokens are merged.
  public var merging: ResolvedMerging
  /// Tokens that may be generated afterwards: the caches are made for them too.
  public var room: Int
  /// Whether keys and values are held in bf16, whatever the model's own type.
  public var narrowsCache = false
  /// Who decides again what merging layers keep; `nil` for nobody.
  public var policy: (any RetentionPolicy)?

  /// Options from their parts.
  public init(
    merging: ResolvedMerging, room: Int, narrowsCache: Bool = false,
    policy: (any RetentionPolicy)? = nil
  ) {
    self.merging = merging
    self.room = room
    self.narrowsCache = narrowsCache
    self.policy = policy
  }
}
