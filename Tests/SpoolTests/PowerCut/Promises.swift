/// What users were promised before the power failed.
struct Promises {
  /// A submitted job, completely on disk.
  struct Dropped {
    /// `done` or `failed`.
    let end: String
    /// The SHA-256 of each image, sorted.
    let digests: [String]
  }

  /// By the name that the job has.
  private(set) var dropped: [String: Dropped] = [:]
  /// Jobs that were seen to have ended.
  private(set) var ended: Set<String> = []
  private(set) var mayBeCancelled: Set<String> = []
  private(set) var cancelled: Set<String> = []
  private(set) var mayBeRetried: Set<String> = []
  private(set) var mayBeCleaned: Set<String> = []
  private(set) var cleaned: Set<String> = []
  private(set) var mayBeForgotten: Set<String> = []
  private(set) var forgotten: Set<String> = []

  /// Adds a line of `Tests/power-cut/record.sh`.
  mutating func take(_ mark: [String]) {
    guard mark.count >= 4 else { return }
    let name = mark[1]
    switch mark[0] {
    case "dropped":
      dropped[name] = Dropped(
        end: mark[2], digests: mark[3].split(separator: ",").map(String.init).sorted())
    case "ended": ended.insert(name)
    case "may-cancel": mayBeCancelled.insert(name)
    case "cancelled": cancelled.insert(name)
    case "may-retry": mayBeRetried.insert(name)
    case "may-clean": mayBeCleaned.insert(name)
    case "cleaned": cleaned.insert(name)
    case "may-forget": mayBeForgotten.insert(name)
    case "forgotten": forgotten.insert(name)
    default: break
    }
  }
}
