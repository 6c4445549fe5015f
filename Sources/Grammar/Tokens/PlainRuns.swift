import Diagnostics

/// Finds out after which states any plain text may come: text that is itself in a JSON string.
struct PlainRuns {
  /// Which scalars of plain text may come next.
  private enum Next {
    /// All, with the states after them.
    case all(Set<Int32>)
    case some
    case none
  }

  /// The bytes of a scalar, as ranges (Unicode Standard, table 3-7), without what has to be escaped.
  private static let shapes: [[ClosedRange<UInt8>]] = [
    [0x20...0x21], [0x23...0x5B], [0x5D...0x7E],
    [0xC2...0xDF, 0x80...0xBF],
    [0xE0...0xE0, 0xA0...0xBF, 0x80...0xBF], [0xE1...0xEC, 0x80...0xBF, 0x80...0xBF],
    [0xED...0xED, 0x80...0x9F, 0x80...0xBF], [0xEE...0xEF, 0x80...0xBF, 0x80...0xBF],
    [0xF0...0xF0, 0x90...0xBF, 0x80...0xBF, 0x80...0xBF],
    [0xF1...0xF3, 0x80...0xBF, 0x80...0xBF, 0x80...0xBF],
    [0xF4...0xF4, 0x80...0x8F, 0x80...0xBF, 0x80...0xBF],
  ]
  /// The most different states after the same number of scalars.
  private static let most = 8

  /// The classes of the bytes of each shape.
  private let classes: [[[Int]]]
  private var known: [Int32: Next] = [:]

  /// Nothing known yet about the states of a program.
  init(_ program: Program) {
    classes = Self.shapes.map { shape in
      shape.map { range in Set(range.map { Int(program.classes[Int($0)]) }).sorted() }
    }
  }

  /// The number of scalars up to which any plain text may come after a state, and beyond which none may.
  ///
  /// - Parameter most: the number beyond which nothing is asked.
  /// - Returns: `nil` where there is no such number.
  /// - Throws: `grammar.too-large`.
  mutating func scalars(
    after state: Int32, most: Int, _ automaton: ByteAutomaton
  ) throws(Failure) -> Int? {
    var states: Set<Int32> = [state]
    for count in 0..<most {
      var next: Set<Int32> = []
      var ended = 0
      for state in states {
        switch try after(state, automaton) {
        case .all(let after): next.formUnion(after)
        case .some: return nil
        case .none: ended += 1
        }
      }
      if ended == states.count { return count }
      guard ended == 0, next.count <= Self.most else { return nil }
      // A loop: nothing new can come.
      if next == states { return most }
      states = next
    }
    return most
  }

  private mutating func after(_ state: Int32, _ automaton: ByteAutomaton) throws(Failure) -> Next {
    if let after = known[state] { return after }
    var result: Set<Int32> = []
    var (isFull, isEmpty) = (true, true)
    for shape in classes {
      var states: Set<Int32> = [state]
      for (place, bytes) in shape.enumerated() {
        var next: Set<Int32> = []
        for state in states {
          for number in bytes { next.insert(try automaton.next(state, class: number)) }
        }
        states = next
        if place == 0, states != [ByteAutomaton.dead] { isEmpty = false }
        if states.contains(ByteAutomaton.dead) { break }
      }
      if states.contains(ByteAutomaton.dead) { isFull = false }
      if !isFull, !isEmpty { break }
      result.formUnion(states)
    }
    let after: Next = isFull ? .all(result) : isEmpty ? .none : .some
    known[state] = after
    return after
  }
}
