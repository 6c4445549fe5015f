/// The states that follow states, `[states, classes]`, in memory that a walk reads without checks.
final class TransitionTable {
  /// No state has been computed yet.
  static let unknown: Int32 = -2

  /// The entries.
  private(set) var entries: UnsafeMutablePointer<Int32>
  private(set) var count = 0
  private var capacity = 1 << 12

  /// No states.
  init() { entries = .allocate(capacity: capacity) }

  deinit { entries.deallocate() }

  /// Adds so many unknown entries.
  func grow(by more: Int) {
    if count + more > capacity {
      capacity = max(capacity * 2, count + more)
      let larger = UnsafeMutablePointer<Int32>.allocate(capacity: capacity)
      larger.update(from: entries, count: count)
      entries.deallocate()
      entries = larger
    }
    (entries + count).update(repeating: Self.unknown, count: more)
    count += more
  }

  /// Removes all entries.
  func removeAll() { count = 0 }
}
