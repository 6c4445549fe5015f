import Diagnostics

/// Sets of places within rules, whatever rules are open around them, and how bytes lead from one set to
/// another.
///
/// A rule such as that of a character is read at a thousand places of a form; what is found out about it
/// is found out once.
final class LocalSets {
  /// What is reached without reading.
  struct Closure: Hashable {
    /// A rule that begins, and where to go on after it.
    struct Call: Hashable {
      let rule: Int32
      let next: Int32
    }

    /// The places that read; −1 where there are none.
    let set: Int32
    /// The rules that begin.
    let calls: [Call]
    /// Whether the rule may end.
    let ends: Bool
  }

  /// No places.
  static let none: Int32 = -1

  let program: Program
  private(set) var closures: [Closure] = []
  /// The places of each set, ascending.
  private(set) var sets: [[Int32]] = []
  /// Places that have been visited since this was set to 0.
  var work = 0

  private let classCount: Int
  private var known: [[Int32]: Int32] = [:]
  private var steps: [Int32] = []
  private var single: [Int32: Int32] = [:]
  /// Equal closures have one number, so that what follows from one is found out once.
  private var numbers: [Closure: Int32] = [:]
  private var unions: [UInt64: Int32] = [:]

  /// No sets yet.
  init(_ program: Program) {
    self.program = program
    classCount = program.samples.count
  }

  /// How much is kept.
  var count: Int { sets.count + closures.count + unions.count }

  /// What is reached from one place.
  ///
  /// - Returns: its index in `closures`.
  /// - Throws: `grammar.too-large`.
  func closure(at place: Int32) throws(Failure) -> Int32 {
    if let closure = single[place] { return closure }
    let closure = try add([place])
    single[place] = closure
    return closure
  }

  /// What is reached from a set by a byte of a class.
  ///
  /// - Returns: its index in `closures`.
  /// - Throws: `grammar.too-large`.
  func closure(after set: Int32, class number: Int) throws(Failure) -> Int32 {
    let slot = Int(set) * classCount + number
    if steps[slot] >= 0 { return steps[slot] }
    let byte = program.samples[number]
    var places: [Int32] = []
    for place in sets[Int(set)] {
      if case .read(let bytes, let next) = program.instructions[Int(place)], bytes.contains(byte) {
        places.append(next)
      }
    }
    work += sets[Int(set)].count
    let closure = try add(places)
    steps[slot] = closure
    return closure
  }

  /// The places of two sets.
  func union(_ a: Int32, _ b: Int32) -> Int32 {
    if a == Self.none || a == b { return b }
    if b == Self.none { return a }
    let key = UInt64(UInt32(bitPattern: min(a, b))) << 32 | UInt64(UInt32(bitPattern: max(a, b)))
    if let set = unions[key] { return set }
    let places = Set(sets[Int(a)]).union(sets[Int(b)])
    work += places.count
    let set = intern(places.sorted())
    unions[key] = set
    return set
  }

  /// The set of these places, which all read.
  func intern(_ places: [Int32]) -> Int32 {
    if places.isEmpty { return Self.none }
    if let set = known[places] { return set }
    let set = Int32(sets.count)
    sets.append(places)
    steps += repeatElement(-1, count: classCount)
    known[places] = set
    return set
  }

  private func add(_ places: [Int32]) throws(Failure) -> Int32 {
    var seen = Set(places)
    var open = places
    var reads: [Int32] = []
    var calls: [Closure.Call] = []
    var ends = false
    while let place = open.popLast() {
      switch program.instructions[Int(place)] {
      case .read: reads.append(place)
      case .fork(let places):
        for next in places where seen.insert(next).inserted { open.append(next) }
      case .call(let rule, let next): calls.append(Closure.Call(rule: rule, next: next))
      case .end: ends = true
      }
      guard seen.count <= GrammarLimits.places else { throw Self.tooLarge }
    }
    work += seen.count
    let closure = Closure(set: intern(reads.sorted()), calls: calls, ends: ends)
    if let number = numbers[closure] { return number }
    let number = Int32(closures.count)
    closures.append(closure)
    numbers[closure] = number
    return number
  }

  /// The failure for a form with too many places at once.
  static var tooLarge: Failure {
    Failure(
      .usage, code: .grammarTooLarge,
      "the form has too many possibilities at one place of the answer",
      remedy: "Use fewer repetitions that overlap, such as “.*” before a counted one.")
  }
}
