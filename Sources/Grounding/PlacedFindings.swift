/// Places with where they stand in the text.
struct PlacedFindings {
  /// The places, each with the offset of its numbers.
  private(set) var found: [(offset: Int, finding: Finding)] = []
  private(set) var leftOut = 0
  private(set) var unreadable = 0
  let limit: Int

  init(limit: Int) { self.limit = limit }

  /// Adds a place, or counts it where there are enough.
  mutating func add(_ finding: Finding, at offset: Int) {
    guard found.count < limit else { return skip(1) }
    found.append((offset, finding))
  }

  /// Counts places of which there are too many.
  mutating func skip(_ count: Int) { leftOut += count }

  /// Counts places that cannot be read.
  mutating func fail(_ count: Int = 1) { unreadable += count }
}
