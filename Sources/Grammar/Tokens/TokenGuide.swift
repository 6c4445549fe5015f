import Diagnostics

/// Says token by token what may come next in an answer of a given form.
///
/// One guide serves many answers: what it finds out about a form is kept.
public final class TokenGuide {
  /// The most sets of allowed tokens that are kept: 10 MB with 151,643 tokens.
  private static let keptMasks = 512

  private let automaton: ByteAutomaton
  private let trie: TokenTrie
  private let stopTokens: Set<Int32>
  private let idBound: Int
  private var masks: [Int32: TokenMask] = [:]
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
      masks = [:]
      state = try automaton.forget(keeping: state)
      plainRuns = PlainRuns(automaton.program)
    }
    automaton.beginWork()
    let takesPlain = try plainRuns.may(
      follow: state, scalars: TokenTrie.plainScalars, automaton)
    var mask = TokenMask(idBound: idBound)
    if takesPlain { mask.formUnion(trie.plain) }
    let nodes = takesPlain ? trie.others : trie.nodes
    try walk(from: state, nodes, over: 0..<nodes.count) { token in
      mask.insert(token)
      return true
    }
    for (token, twins) in trie.twins where mask.contains(token) {
      for twin in twins { mask.insert(twin) }
    }
    if isComplete { for token in stopTokens { mask.insert(token) } }
    if masks.count >= Self.keptMasks { masks = [:] }
    masks[state] = mask
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
      var isOpen = false
      try walk(from: end, trie.nodes, over: below) { _ in
        isOpen = true
        return false
      }
      if isOpen { return start }
    }
    return bytes.count
  }

  /// Calls `body` with each token of a part of the tree that may follow a state.
  ///
  /// - Parameter body: says whether to go on.
  @inline(__always)
  private func walk(
    from start: Int32, _ nodes: [TokenTrie.Node], over range: Range<Int>,
    _ body: (Int32) -> Bool
  ) throws(Failure) {
    guard let first = range.first else { return }
    let base = Int(nodes[first].depth)
    let classCount = automaton.program.samples.count
    var states = [Int32](repeating: ByteAutomaton.dead, count: trie.depth + 1)
    states[0] = start
    // A set of tokens is a walk over all of the vocabulary: nothing here is checked twice.
    try nodes.withUnsafeBufferPointer { nodes throws(Failure) in
      try automaton.program.classes.withUnsafeBufferPointer { classes throws(Failure) in
        try states.withUnsafeMutableBufferPointer { states throws(Failure) in
          var index = first
          while index < range.upperBound {
            let node = nodes[index]
            let depth = Int(node.depth) - base
            let number = Int(classes[Int(node.byte)])
            var next = automaton.table.entries[Int(states[depth]) * classCount + number]
            if next == TransitionTable.unknown {
              next = try automaton.next(states[depth], class: number)
            }
            guard next != ByteAutomaton.dead else {
              index = Int(node.end)
              continue
            }
            states[depth + 1] = next
            if node.token >= 0, !body(node.token) { return }
            index += 1
          }
        }
      }
    }
  }
}
