/// The places that an answer names.
public struct Findings: Sendable, Equatable {
  /// The places, in the order of the text.
  public internal(set) var items: [Finding] = []
  /// How many more there are than the most that were wanted.
  public internal(set) var leftOut = 0
  /// How many could not be read: not as many numbers as a box or a point has, or not finite.
  public internal(set) var unreadable = 0

  /// Nothing.
  public init() {}
}
