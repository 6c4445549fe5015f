import Diagnostics

/// Says token by token what may come next in an answer of a given form.
///
/// One guide serves many answers: what it finds out about a form is kept.
public final class TokenGuide {
  /// The most sets of allowed tokens that are kept, of each kind: 5 MB with 151,643 tokens.
  private static let keptMasks = 256

  private let automaton: ByteAutomaton
  private let trie: TokenTrie
  private let stopTokens: Set<Int32>
  private let idBound: Int
  private var masks: [Int32: TokenMask] = [:]
  /// The short tokens that may come after all states of a kind.
  private var shortMasks: [[UInt64]: TokenMask] = [:]
  private var plainRuns: PlainRuns
  private var state: Int32

  /// A guide before the first token.
  ///
  /// - Parameters:
  ///   - stopTokens: the tokens that end an answer; they may come where the form is complete.
  ///   - idBound: one more than the largest id of the model.
  ///   - mayBeginWithSpace: whether a space may come before the answer, for tokenizers that put one there.
  /// - Throws: `grammar.too-large`.
  public init(
    _ grammar: Grammar, _ trie: TokenTrie, stopTokens: Set<Int32>, idBound: Int,
    mayBeginWithSpace: Bool = false
  ) throws(Failure) {
    let program = mayBeginWithSpace ? grammar.program.afterOptionalSpace : grammar.program
    automaton = try ByteAutomaton(program)
    self.trie = trie
    self.stopTokens = stopTokens
    self.idBound = idBound
    plainRuns = PlainRuns(program)
    state = automaton.start
  }

  /// Begins another answer.
  public func restart() { state = automaton.start }

  /// Whether the answer is complete as it is.
  public var isComplete: Bool { automaton.isAccepting(state) }

  /// Whether the answer is complete and nothing can follow.
  ///
  /// - Throws: `grammar.too-large`.
  public var isFinished: Bool {
    get throws(Failure) { isComplete ? try automaton.isLast(state) : false }
  }

  /// The tokens that may come next.
  ///
  /// - Throws: `grammar.too-large`.
  public func mask() throws(Failure) -> TokenMask {
    if let mask = masks[state] { return mask }
    if automaton.isFull {
      (masks, shortMasks) = ([:], [:])
      state = try automaton.forget(keeping: state)
      plainRuns = PlainRuns(automaton.program)
    }
    automaton.beginWork()
    var mask = try shortMask()
    try collect(trie.long, upTo: trie.depth, &mask)
    for (token, twins) in trie.twins where mask.contains(token) {
      for twin in twins { mask.insert(twin) }
    }
    if isComplete { for token in stopTokens { mask.insert(token) } }
    if masks.count >= Self.keptMasks { masks = [:] }
    masks[state] = mask
    return mask
  }

  /// The short tokens that may come next.
  private func shortMask() throws(Failure) -> TokenMask {
    let key = automaton.sharedKey(of: state)
    if let key, let mask = shortMasks[key] { return mask }
    var mask = TokenMask(idBound: idBound)
    let scalars = try plainRuns.scalars(
      after: state, most: TokenTrie.plainScalars, automaton)
    if let scalars {
      mask.formUnion(trie.plain[scalars])
      try collect(trie.others, upTo: GrammarLimits.shortTokenBytes, &mask)
    } else {
      try collect(trie.nodes, upTo: GrammarLimits.shortTokenBytes, &mask)
    }
    if let key {
      if shortMasks.count >= Self.keptMasks { shortMasks = [:] }
      shortMasks[key] = mask
    }
    return mask
  }

  /// Adds bytes to the answer.
  ///
  /// - Returns: whether they may come next; otherwise nothing is added.
  /// - Throws: `grammar.too-large`.
  public func accept(_ bytes: some Sequence<UInt8>) throws(Failure) -> Bool {
    automaton.beginWork()
    var next = state
    for byte in bytes {
      next = try automaton.next(next, byte)
      if next == ByteAutomaton.dead { return false }
    }
    state = next
    return true
  }

  /// The bytes that have to come next, whatever the model says; none where there is a choice.
  ///
  /// - Parameter limit: the most bytes.
  /// - Throws: `grammar.too-large`.
  public func forcedBytes(limit: Int = 4096) throws(Failure) -> [UInt8] {
    automaton.beginWork()
    var bytes: [UInt8] = []
    var next = state
    while bytes.count < limit, let byte = try automaton.onlyByte(after: next) {
      bytes.append(byte)
      next = try automaton.next(next, byte)
    }
    return bytes
  }

  /// Where in bytes that have to come next the first token may begin that goes on beyond them: from
  /// there on, the model decides.
  ///
  /// - Throws: `grammar.too-large`.
  public func firstOpenEnd(in bytes: [UInt8]) throws(Failure) -> Int {
    automaton.beginWork()
    var end = state
    for byte in bytes {
      end = try automaton.next(end, byte)
      if end == ByteAutomaton.dead { return 0 }
    }
    for start in max(0, bytes.count - trie.depth)..<max(bytes.count, 0) {
      guard let below = trie.subtree(of: bytes[start...]) else { continue }
      if try takesAny(of: below, after: end) { return start }
    }
    return bytes.count
  }

  /// Whether any token of a part of the tree may follow a state.
  private func takesAny(of range: Range<Int>, after start: Int32) throws(Failure) -> Bool {
    guard let first = range.first else { return false }
    let base = trie.nodes[first].depth
    var states = [Int32](repeating: start, count: trie.depth + 1)
    var index = first
    while index < range.upperBound {
      let node = trie.nodes[index]
      let depth = Int(node.depth - base)
      states[depth + 1] = try automaton.next(states[depth], node.byte)
      if states[depth + 1] == ByteAutomaton.dead {
        index = Int(node.end)
      } else if node.token >= 0 {
        return true
      } else {
        index += 1
      }
    }
    return false
  }

  /// Adds each token of a tree that may come next.
  ///
  /// - Parameter most: the most bytes of a token.
  private func collect(
    _ nodes: [TokenTrie.Node], upTo most: Int, _ mask: inout TokenMask
  ) throws(Failure) {
    let classCount = automaton.program.samples.count
    let (table, bound, start) = (automaton.table, Int32(clamping: idBound), state)
    // A set of tokens is a walk over all of the vocabulary: nothing here is checked twice.
    try mask.withWords { words throws(Failure) in
      try nodes.withUnsafeBufferPointer { nodes throws(Failure) in
        try automaton.program.classes.withUnsafeBufferPointer { classes throws(Failure) in
          try withUnsafeTemporaryAllocation(of: Int32.self, capacity: most + 1) {
            states throws(Failure) in
            states[0] = start
            var index = 0
            while index < nodes.count {
              let node = nodes[index]
              let depth = Int(node.depth)
              guard depth < most else {
                index = Int(node.end)
                continue
              }
              let number = Int(classes[Int(node.byte)])
              var next = table.entries[Int(states[depth]) * classCount + number]
              if next == TransitionTable.unknown {
                next = try automaton.next(states[depth], class: number)
              }
              guard next != ByteAutomaton.dead else {
                index = Int(node.end)
                continue
              }
              states[depth + 1] = next
              if node.token >= 0, node.token < bound {
                words[Int(node.token) >> 6] |= 1 << UInt64(node.token & 63)
              }
              index += 1
            }
          }
        }
      }
    }
  }
}
