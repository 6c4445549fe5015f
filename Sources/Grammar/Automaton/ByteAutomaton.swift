import Diagnostics

/// A program made deterministic as far as it is used: states are numbers, and what is known of their
/// transitions is kept.
///
/// A state is a set of places at which the program may be, each with the rules that are open there
/// (powerset construction, with a stack per place).
final class ByteAutomaton {
  /// The state in which nothing can follow and the text is wrong.
  static let dead: Int32 = -1

  let program: Program
  /// The state after each state and class of bytes, `[states, classes]`.
  let table = TransitionTable()
  private let classCount: Int
  /// Sets of places in the upper half, the rules that are open around them in the lower one.
  private var members: [[UInt64]] = []
  private var memberCount = 0
  private var accepting: [Bool] = []
  private var known: [[UInt64]: Int32] = [:]
  /// The state of what is reached in one way, by its closure and stack.
  private var settled: [UInt64: Int32] = [:]
  private var stacks = OpenRules()
  private var local: LocalSets
  private var keys: SharedKeys
  private var work = 0

  /// The state before the first byte.
  private(set) var start: Int32 = 0

  /// - Throws: `grammar.too-large`.
  init(_ program: Program) throws(Failure) {
    self.program = program
    classCount = program.samples.count
    local = LocalSets(program)
    keys = SharedKeys(program)
    start = try state([(try local.closure(at: program.start), OpenRules.none)])
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
  ///
  /// - Throws: `grammar.too-large`.
  func next(_ state: Int32, class number: Int) throws(Failure) -> Int32 {
    let slot = Int(state) * classCount + number
    let known = table.entries[slot]
    if known != TransitionTable.unknown { return known }
    let result = try self.state(after: members[Int(state)], class: number)
    table.entries[slot] = result
    return result
  }

  private func state(after members: [UInt64], class number: Int) throws(Failure) -> Int32 {
    if members.count == 1 {
      let closure = try local.closure(after: Int32(members[0] >> 32), class: number)
      let stack = Int32(truncatingIfNeeded: members[0] & 0xFFFF_FFFF)
      let key = Self.member(closure, stack)
      if let known = settled[key] { return known }
      let result = try state([(closure, stack)])
      settled[key] = result
      return result
    }
    var after: [(closure: Int32, stack: Int32)] = []
    for member in members {
      let closure = try local.closure(after: Int32(member >> 32), class: number)
      after.append((closure, Int32(truncatingIfNeeded: member & 0xFFFF_FFFF)))
    }
    return try state(after)
  }

  /// What a state has in common with all others from which the same short tokens may come; `nil` where
  /// it is not known.
  func sharedKey(of state: Int32) -> [UInt64]? {
    keys.key(members[Int(state)], local, stacks)
  }

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
  func beginWork() {
    work = 0
    local.work = 0
  }

  /// Whether so much is known that memory should be freed.
  var isFull: Bool {
    members.count > GrammarLimits.states || table.count > 100 * GrammarLimits.states
      || stacks.count > 10 * GrammarLimits.states || local.count > 10 * GrammarLimits.states
      || memberCount > GrammarLimits.members || settled.count > 10 * GrammarLimits.states
  }

  /// Forgets all states but one.
  ///
  /// - Returns: the number that the state has now.
  /// - Throws: `grammar.too-large`.
  func forget(keeping state: Int32) throws(Failure) -> Int32 {
    let kept = members[Int(state)].map { member in
      (local.sets[Int(member >> 32)], path(Int32(truncatingIfNeeded: member & 0xFFFF_FFFF)))
    }
    let isAccepting = accepting[Int(state)]
    (members, accepting, known, stacks) = ([], [], [:], OpenRules())
    (settled, memberCount) = ([:], 0)
    table.removeAll()
    local = LocalSets(program)
    keys = SharedKeys(program)
    start = try self.state([(try local.closure(at: program.start), OpenRules.none)])
    var moved: [UInt64] = []
    for (places, path) in kept {
      var stack = OpenRules.none
      for place in path.reversed() { stack = stacks.pushing(place, on: stack) ?? stack }
      moved.append(Self.member(local.intern(places), stack))
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

  private static func member(_ set: Int32, _ stack: Int32) -> UInt64 {
    UInt64(UInt32(bitPattern: set)) << 32 | UInt64(UInt32(bitPattern: stack))
  }

  /// The state of what has been reached, and of all that begins and ends there.
  private func state(_ reached: [(closure: Int32, stack: Int32)]) throws(Failure) -> Int32 {
    if reached.count == 1 {
      let closure = local.closures[Int(reached[0].closure)]
      if closure.calls.isEmpty, !closure.ends {
        if closure.set == LocalSets.none { return Self.dead }
        return intern([Self.member(closure.set, reached[0].stack)], isAccepting: false)
      }
    }
    var open = reached
    var seen = Set(reached.map { Self.member($0.closure, $0.stack) })
    var sets: [Int32: Int32] = [:]
    var accepts = false
    while let (number, stack) = open.popLast() {
      let closure = local.closures[Int(number)]
      work += 1
      guard seen.count <= GrammarLimits.places, work + local.work <= GrammarLimits.work else {
        throw LocalSets.tooLarge
      }
      func visit(_ closure: Int32, _ stack: Int32) {
        if seen.insert(Self.member(closure, stack)).inserted { open.append((closure, stack)) }
      }
      if closure.set != LocalSets.none {
        sets[stack] = local.union(sets[stack] ?? LocalSets.none, closure.set)
      }
      for call in closure.calls {
        guard let inner = self.stack(on: stack, call.next) else { continue }
        visit(try local.closure(at: program.entries[Int(call.rule)]), inner)
      }
      guard closure.ends else { continue }
      if let (next, below) = stacks.popped(stack) {
        visit(try local.closure(at: next), below)
      } else {
        accepts = true
      }
    }
    if sets.isEmpty, !accepts { return Self.dead }
    return intern(sets.map { Self.member($0.value, $0.key) }.sorted(), isAccepting: accepts)
  }

  /// The stack while a rule runs that goes on at `next`. A rule at the end of another takes its place, so
  /// that a list is no stack.
  private func stack(on stack: Int32, _ next: Int32) -> Int32? {
    if case .end = program.instructions[Int(next)] { return stack }
    return stacks.pushing(next, on: stack)
  }

  private func intern(_ members: [UInt64], isAccepting: Bool) -> Int32 {
    // No member has this number; it distinguishes sets that may end.
    let key = isAccepting ? members + [UInt64.max] : members
    if let state = known[key] { return state }
    let state = Int32(self.members.count)
    self.members.append(members)
    memberCount += members.count
    accepting.append(isAccepting)
    table.grow(by: classCount)
    known[key] = state
    return state
  }
}
