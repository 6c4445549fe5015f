import Diagnostics

/// An expression of which only texts of certain lengths count, in Unicode scalars: its steps, each with
/// how many scalars have been read.
struct LengthBound {
  private enum Step {
    case read(ScalarSet, next: Int)
    case fork([Int])
    case end
  }

  private struct Place: Hashable {
    let step: Int
    let count: Int
  }

  private var steps: [Step] = [.end]

  /// Adds an expression whose texts have from `min` to `max` scalars to a program's rules.
  ///
  /// - Throws: `grammar.too-large`.
  static func expression(
    _ node: RegexNode, min: Int, max: Int?, _ encoding: ScalarEncoding,
    _ builder: inout ProgramBuilder
  ) throws(Failure) -> Expression {
    var bound = LengthBound()
    let start = try bound.emit(node, 0)
    return try bound.product(start, min, max, encoding, &builder)
  }

  private func product(
    _ start: Int, _ min: Int, _ max: Int?, _ encoding: ScalarEncoding,
    _ builder: inout ProgramBuilder
  ) throws(Failure) -> Expression {
    var rules: [Place: Int] = [:]
    var scalars: [ScalarSet: Expression] = [:]
    var open: [Place] = []
    func rule(_ place: Place) -> Expression {
      if let known = rules[place] { return .rule(known) }
      let rule = builder.reserve()
      rules[place] = rule
      open.append(place)
      return .rule(rule)
    }
    let first = rule(Place(step: start, count: 0))
    while let place = open.popLast() {
      guard rules.count <= GrammarLimits.instructions / 4 else { throw Self.tooLarge }
      var branches: [Expression] = []
      for step in reached(from: place.step) {
        switch steps[step] {
        case .read(let set, let next):
          guard place.count < max ?? .max else { continue }
          if scalars[set] == nil { scalars[set] = builder.rule(encoding.expression(set)) }
          // Beyond the least length there is nothing to count without a largest one.
          let count = max == nil ? Swift.min(place.count + 1, min) : place.count + 1
          branches.append(
            .sequence([scalars[set] ?? .nothing, rule(Place(step: next, count: count))]))
        case .end: if place.count >= min { branches.append(.empty) }
        case .fork: break
        }
      }
      if let rule = rules[place] { builder.define(rule, .either(branches)) }
    }
    return first
  }

  /// The steps other than forks that are reached without reading.
  private func reached(from start: Int) -> [Int] {
    var seen: Set<Int> = [start]
    var open = [start]
    var result: [Int] = []
    while let step = open.popLast() {
      guard case .fork(let places) = steps[step] else {
        result.append(step)
        continue
      }
      for place in places where seen.insert(place).inserted { open.append(place) }
    }
    return result.sorted()
  }

  private static var tooLarge: Failure {
    Failure(
      .usage, code: .grammarTooLarge, "a pattern with bounds of the length takes too many steps",
      remedy: "Leave out the pattern or the bounds, or lower them.")
  }

  private mutating func add(_ step: Step) throws(Failure) -> Int {
    guard steps.count < GrammarLimits.instructions / 4 else { throw Self.tooLarge }
    steps.append(step)
    return steps.count - 1
  }

  private mutating func emit(_ node: RegexNode, _ next: Int) throws(Failure) -> Int {
    switch node {
    case .scalar(let set): return try add(.read(set, next: next))
    case .sequence(let parts):
      var place = next
      for part in parts.reversed() { place = try emit(part, place) }
      return place
    case .either(let branches):
      var places: [Int] = []
      for branch in branches { places.append(try emit(branch, next)) }
      return try add(.fork(places))
    case .repeated(let part, let min, let max):
      var place = next
      if let max {
        for _ in min..<Swift.max(min, max) {
          place = try add(.fork([try emit(part, place), next]))
        }
      } else {
        place = try add(.fork([]))
        steps[place] = .fork([try emit(part, place), next])
      }
      for _ in 0..<min { place = try emit(part, place) }
      return place
    case .start, .end: return next
    }
  }
}
