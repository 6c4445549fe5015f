/// Which model a folder holds.
public struct ModelIdentity: Sendable, Equatable {
  /// The family, such as `Qwen3-VL`.
  public let family: String
  /// What tells its files from those of other models (`Checkpoint.digest`).
  public let digest: String
}
