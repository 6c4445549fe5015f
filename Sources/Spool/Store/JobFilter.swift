/// Which jobs to list.
public struct JobFilter: Codable, Sendable, Equatable {
  /// Only jobs in these states; empty for all.
  public var states: [JobState] = []
  /// Only jobs whose name has this text in it, in any case of its letters.
  public var name = ""
  /// Only jobs from this folder of the inbox and those below it; empty for all.
  public var folder = ""
  /// Only jobs whose name, questions or answer have all these words, or words that begin so.
  public var text = ""
  /// Only jobs taken at this time or later, in milliseconds since 1970.
  public var since: Int?
  /// Only jobs taken before this time.
  public var until: Int?
  /// Only jobs older than this one.
  public var before: String?
  /// The most jobs.
  public var limit = 50

  /// All jobs, the latest first.
  public init() {}
}
