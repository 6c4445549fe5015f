import Diagnostics

/// A program made deterministic as far as it is used: states are numbers, and what is known of their
/// transitions is kept.
///
/// A state is the set of places at which the program may be, each with the rules that are open there
/// (powerset construction, with a stack per place).
final class ByteAutomaton {
  /// The state in which nothing can follow and the text is wrong.
  static let dead: Int32 = -1
  private static let unknown: Int32 = -2

  let program: Program
  private let classCount: Int
  private var rows: [Int32] = []
  private var places: [[UInt64]] = []
  private var accepting: [Bool] = []
  private var known: [[UInt64]: Int32] = [:]
  private var stacks = OpenRules()
  private var work = 0

  /// The state before the first byte.
  private(set) var start: Int32 = 0

  /// - Throws: `grammar.too-large`.
  init(_ program: Program) throws(Failure) {
    self.program = program
    classCount = program.samples.count
    start = try state([Self.place(program.start, OpenRules.none)])
  }

  /// Whether the text may end in a state.
  func isAccepting(_ state: Int32) -> Bool { accepting[Int(state)] }

  /// The state after one more byte.
  ///
  /// - Throws: `grammar.too-large`.
  func next(_ state: Int32, _ byte: UInt8) throws(Failure) -> Int32 {
    try next(state, class: Int(program.classes[Int(byte)]))
  }

  /// The state after one more byte of a class.
  func next(_ state: Int32, class number: Int) throws(Failure) -> Int32 {
    let slot = Int(state) * classCount + number
    let known = rows[slot]
    if known != Self.unknown { return known }
    let byte = program.samples[number]
    var after: [UInt64] = []
    for place in places[Int(state)] {
      if case .read(let set, let next) = program.instructions[Int(place >> 32)], set.contains(byte)
      {
        after.append(UInt64(next) << 32 | place & 0xFFFF_FFFF)
      }
    }
    work += places[Int(state)].count
    let result = after.isEmpty ? Self.dead : try self.state(after)
    rows[slot] = result
    return result
  }

  /// The transitions of all states, `[states, classes]`; unknown ones are less than `dead`.
  var table: [Int32] { rows }

  /// The only byte that can follow a state in which the text cannot end.
  ///
  /// - Throws: `grammar.too-large`.
  func onlyByte(after state: Int32) throws(Failure) -> UInt8? {
    guard !isAccepting(state) else { return nil }
    var found: UInt8?
    for number in 0..<classCount where try next(state, class: number) != Self.dead {
      guard found == nil, program.sizes[number] == 1 else { return nil }
      found = program.samples[number]
    }
    return found
  }

  /// Whether nothing can follow a state.
  ///
  /// - Throws: `grammar.too-large`.
  func isLast(_ state: Int32) throws(Failure) -> Bool {
    for number in 0..<classCount where try next(state, class: number) != Self.dead { return false }
    return true
  }

  /// Begins to count the work that may be done.
  func beginWork() { work = 0 }

  /// Whether so many states are known that memory should be freed.
  var isFull: Bool {
    places.count > GrammarLimits.states || stacks.count > 10 * GrammarLimits.states
      || rows.count > 50 * GrammarLimits.states
  }

  /// Forgets all states but one.
  ///
  /// - Returns: the number that the state has now.
  func forget(keeping state: Int32) throws(Failure) -> Int32 {
    let kept = places[Int(state)].map { place in
      (Int32(place >> 32), path(Int32(truncatingIfNeeded: place & 0xFFFF_FFFF)))
    }
    let isAccepting = accepting[Int(state)]
    (rows, places, accepting, known, stacks) = ([], [], [], [:], OpenRules())
    start = try self.state([Self.place(program.start, OpenRules.none)])
    var moved: [UInt64] = []
    for (next, path) in kept {
      var stack = OpenRules.none
      for place in path.reversed() { stack = stacks.pushing(place, on: stack) ?? stack }
      moved.append(Self.place(next, stack))
    }
    return intern(moved.sorted(), isAccepting: isAccepting)
  }

  /// Where the rules of a stack go on, the top first.
  private func path(_ stack: Int32) -> [Int32] {
    var path: [Int32] = []
    var stack = stack
    while let (next, below) = stacks.popped(stack) {
      path.append(next)
      stack = below
    }
    return path
  }

  private static func place(_ instruction: Int32, _ stack: Int32) -> UInt64 {
    UInt64(UInt32(bitPattern: instruction)) << 32 | UInt64(UInt32(bitPattern: stack))
  }

  /// The state of places and all that is reached from them without reading.
  private func state(_ from: [UInt64]) throws(Failure) -> Int32 {
    var seen = Set(from)
    var open = from
    var reads: [UInt64] = []
    var accepts = false
    while let place = open.popLast() {
      work += 1
      guard seen.count <= GrammarLimits.places, work <= GrammarLimits.work else {
        throw Failure(
          .usage, code: .grammarTooLarge,
          "the form has too many possibilities at one place of the answer",
          remedy: "Use fewer repetitions that overlap, such as “.*” before a counted one.")
      }
      let stack = Int32(truncatingIfNeeded: place & 0xFFFF_FFFF)
      switch program.instructions[Int(place >> 32)] {
      case .read: reads.append(place)
      case .fork(let places):
        for next in places { visit(Self.place(next, stack), &seen, &open) }
      case .call(let rule, let next):
        // A rule at the end of another takes its place, so that lists are not stacks.
        var inner: Int32? = stack
        if case .end = program.instructions[Int(next)] {
        } else {
          inner = stacks.pushing(next, on: stack)
        }
        if let inner { visit(Self.place(program.entries[Int(rule)], inner), &seen, &open) }
      case .end:
        guard let (next, below) = stacks.popped(stack) else {
          accepts = true
          continue
        }
        visit(Self.place(next, below), &seen, &open)
      }
    }
    return reads.isEmpty && !accepts ? Self.dead : intern(reads.sorted(), isAccepting: accepts)
  }

  private func visit(_ place: UInt64, _ seen: inout Set<UInt64>, _ open: inout [UInt64]) {
    if seen.insert(place).inserted { open.append(place) }
  }

  private func intern(_ reads: [UInt64], isAccepting: Bool) -> Int32 {
    // No place has this number; it distinguishes sets that may end.
    let key = isAccepting ? reads + [UInt64.max] : reads
    if let state = known[key] { return state }
    let state = Int32(places.count)
    places.append(reads)
    accepting.append(isAccepting)
    rows += repeatElement(Self.unknown, count: classCount)
    known[key] = state
    return state
  }
}
