import Diagnostics

/// Turns expressions into a program. Rules may refer to each other and to themselves.
struct ProgramBuilder {
  private(set) var instructions: [Instruction] = [.end]
  private var rules: [Expression?] = []
  private var names: [String] = []
  private var fewerCopies: [Int32: Int32] = [:]

  /// The place where every rule ends.
  private static let end: Int32 = 0

  /// A builder without rules.
  init() {}

  /// Reserves a rule, so that others can refer to it before it is defined.
  ///
  /// - Parameter name: what messages call it.
  mutating func reserve(_ name: String = "") -> Int {
    rules.append(nil)
    names.append(name)
    return rules.count - 1
  }

  /// Defines a reserved rule.
  mutating func define(_ rule: Int, _ expression: Expression) { rules[rule] = expression }

  /// A new rule that stands for an expression.
  mutating func rule(_ expression: Expression, _ name: String = "") -> Expression {
    let rule = reserve(name)
    define(rule, expression)
    return .rule(rule)
  }

  /// The program whose texts are those of an expression.
  ///
  /// - Throws: `grammar.too-large`, `grammar.empty`.
  func program(_ start: Expression) throws(Failure) -> Program {
    var builder = self
    let first = builder.reserve("the form")
    builder.define(first, start)
    var entries: [Int32] = []
    // Repetitions add rules while others are emitted.
    var index = 0
    while index < builder.rules.count {
      entries.append(try builder.emit(builder.rules[index] ?? .nothing, Self.end))
      index += 1
    }
    let program = PrunedProgram(instructions: builder.instructions, entries: entries)
    guard program.isProductive(rule: first) else {
      throw Failure(
        .usage, code: .grammarEmpty, "no text has the form that is asked for",
        remedy: "Look for bounds, required members and choices that exclude each other.")
    }
    if let rule = program.leftRecursion {
      let name = builder.names.indices.contains(rule) ? builder.names[rule] : ""
      throw Failure(
        .usage, code: .grammarEmpty, "\(name.isEmpty ? "a part" : name) refers to itself alone",
        remedy: "Let it refer to itself inside of an array or an object only.")
    }
    return Program(
      instructions: program.instructions, entries: entries, start: entries[first],
      fewerCopies: builder.fewerCopies)
  }

  private mutating func add(_ instruction: Instruction) throws(Failure) -> Int32 {
    guard instructions.count < GrammarLimits.instructions else {
      throw Failure(
        .usage, code: .grammarTooLarge,
        "the form takes more than \(GrammarLimits.instructions) steps",
        remedy: "Lower the bounds of lengths, elements and repetitions.")
    }
    instructions.append(instruction)
    return Int32(instructions.count - 1)
  }

  /// Adds what reads an expression and goes on at `next`.
  ///
  /// - Returns: the place where it begins.
  private mutating func emit(
    _ expression: Expression, _ next: Int32
  ) throws(Failure) -> Int32 {
    switch expression {
    case .nothing: return try add(.fork([]))
    case .bytes(let set): return try add(.read(set, next: next))
    case .literal(let bytes):
      var place = next
      for byte in bytes.reversed() { place = try add(.read(ByteSet(byte), next: place)) }
      return place
    case .sequence(let parts):
      var place = next
      for part in parts.reversed() { place = try emit(part, place) }
      return place
    case .either(let parts):
      var places: [Int32] = []
      for part in parts { places.append(try emit(part, next)) }
      return places.count == 1 ? places[0] : try add(.fork(places))
    case .repeated(let part, let min, let max):
      return try emit(repeated: part, min, max, next)
    case .rule(let rule):
      return try add(.call(rule: Int32(rule), next: next))
    }
  }

  private mutating func emit(
    repeated part: Expression, _ min: Int, _ max: Int?, _ next: Int32
  ) throws(Failure) -> Int32 {
    let most = max ?? min + 1
    // A copy of a rule is one step, whatever the rule's length.
    let part = most > 1 && !part.isShort ? rule(part) : part
    var place = next
    if let max {
      var (copies, forks): ([Int32], [Int32]) = ([], [])
      for _ in min..<Swift.max(min, max) {
        copies.append(try emit(part, place))
        place = try add(.fork([copies[copies.count - 1], next]))
        forks.append(place)
      }
      note(copies)
      note(forks)
    } else {
      let loop = try add(.fork([]))
      let body = try emit(part, loop)
      instructions[Int(loop)] = .fork([body, next])
      place = loop
    }
    var required: [Int32] = []
    for _ in 0..<min {
      place = try emit(part, place)
      required.append(place)
    }
    note(required)
    return place
  }

  /// Notes places before one copy of a repetition, before two, and so on. Whatever the copies are, as
  /// many bytes as there are copies cannot tell whether there are more.
  private mutating func note(_ places: [Int32]) {
    let most = GrammarLimits.shortTokenBytes + 1
    guard places.count > most else { return }
    for place in places[(most + 1)...] { fewerCopies[place] = places[most] }
  }
}

extension Expression {
  /// Whether it takes a single step.
  fileprivate var isShort: Bool {
    switch self {
    case .nothing, .bytes, .rule: true
    case .literal(let bytes): bytes.count < 2
    case .sequence, .either, .repeated: false
    }
  }
}
