import Diagnostics

/// Finds out after which states any plain text may come: text that is itself in a JSON string.
struct PlainRuns {
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
  /// The states after one scalar; empty where some scalar cannot come.
  private var known: [Int32: Set<Int32>] = [:]

  /// Nothing known yet about the states of a program.
  init(_ program: Program) {
    classes = Self.shapes.map { shape in
      shape.map { range in Set(range.map { Int(program.classes[Int($0)]) }).sorted() }
    }
  }

  /// Whether any plain text of so many scalars may come after a state.
  ///
  /// - Throws: `grammar.too-large`.
  mutating func may(
    follow state: Int32, scalars: Int, _ automaton: ByteAutomaton
  ) throws(Failure) -> Bool {
    var states: Set<Int32> = [state]
    for _ in 0..<scalars {
      var next: Set<Int32> = []
      for state in states {
        let after = try after(state, automaton)
        guard !after.isEmpty else { return false }
        next.formUnion(after)
      }
      guard next.count <= Self.most else { return false }
      // A loop: nothing new can come.
      if next == states { return true }
      states = next
    }
    return true
  }

  private mutating func after(
    _ state: Int32, _ automaton: ByteAutomaton
  ) throws(Failure) -> Set<Int32> {
    if let after = known[state] { return after }
    var result: Set<Int32> = []
    for shape in classes {
      var states: Set<Int32> = [state]
      for bytes in shape {
        var next: Set<Int32> = []
        for state in states {
          for number in bytes { next.insert(try automaton.next(state, class: number)) }
        }
        states = next
        if states.contains(ByteAutomaton.dead) { break }
      }
      result.formUnion(states)
      if result.contains(ByteAutomaton.dead) { break }
    }
    if result.contains(ByteAutomaton.dead) { result = [] }
    known[state] = result
    return result
  }
}
