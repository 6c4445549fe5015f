/// Finds states that differ only in how often something may still be repeated, beyond what a short token
/// could tell.
///
/// In a string of at most 200 characters, the tokens that may come after the 10th are those that may
/// come after the 11th.
struct SharedKeys {
  private let fewerCopies: [Int32: Int32]
  private var sets: [Int32: Int32] = [:]
  private var numbers: [[Int32]: Int32] = [:]
  private var stacks: [Int32: Int32] = [OpenRules.none: OpenRules.none]
  private var shared = OpenRules()

  /// Nothing known yet about the states of a program.
  init(_ program: Program) { fewerCopies = program.fewerCopies }

  /// What states have in common from which the same short tokens may come.
  ///
  /// - Parameter members: the state's sets of places in the upper half, stacks in the lower one.
  /// - Returns: `nil` where it is not known.
  mutating func key(
    _ members: [UInt64], _ local: LocalSets, _ open: OpenRules
  ) -> [UInt64]? {
    if fewerCopies.isEmpty { return members }
    var key: Set<UInt64> = []
    for member in members {
      let set = self.set(Int32(member >> 32), local)
      guard let stack = stack(Int32(truncatingIfNeeded: member), open) else { return nil }
      key.insert(UInt64(UInt32(bitPattern: set)) << 32 | UInt64(UInt32(bitPattern: stack)))
    }
    return key.sorted()
  }

  private func fewer(_ place: Int32) -> Int32 { fewerCopies[place] ?? place }

  private mutating func set(_ set: Int32, _ local: LocalSets) -> Int32 {
    if let known = sets[set] { return known }
    let places = Set(local.sets[Int(set)].map(fewer)).sorted()
    let number = numbers[places] ?? Int32(numbers.count)
    numbers[places] = number
    sets[set] = number
    return number
  }

  private mutating func stack(_ stack: Int32, _ open: OpenRules) -> Int32? {
    var path: [(stack: Int32, next: Int32)] = []
    var below = stack
    while stacks[below] == nil, let (next, rest) = open.popped(below) {
      path.append((below, next))
      below = rest
    }
    var number = stacks[below]
    for (stack, next) in path.reversed() {
      number = number.flatMap { shared.pushing(fewer(next), on: $0) }
      if let number { stacks[stack] = number }
    }
    return number
  }
}
