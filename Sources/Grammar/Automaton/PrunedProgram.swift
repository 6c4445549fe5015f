/// A program without the steps from which its end cannot be reached.
struct PrunedProgram {
  private(set) var instructions: [Instruction]
  private let entries: [Int32]
  private var isProductive: [Bool]

  /// Removes the steps of a program that lead nowhere.
  ///
  /// - Parameter entries: where each rule begins.
  init(instructions: [Instruction], entries: [Int32]) {
    self.instructions = instructions
    self.entries = entries
    isProductive = []
    isProductive = places { instruction, reached in
      switch instruction {
      case .read(let set, let next): !set.isEmpty && reached[Int(next)]
      case .fork(let places): places.contains { reached[Int($0)] }
      case .call(let rule, let next): reached[Int(entries[Int(rule)])] && reached[Int(next)]
      case .end: true
      }
    }
    for (place, instruction) in instructions.enumerated() {
      if !isProductive[place] {
        self.instructions[place] = .fork([])
      } else if case .fork(let places) = instruction {
        self.instructions[place] = .fork(places.filter { isProductive[Int($0)] })
      }
    }
  }

  /// Whether a rule stands for any text.
  func isProductive(rule: Int) -> Bool { isProductive[Int(entries[rule])] }

  /// A rule that begins with itself before anything is read, if there is one.
  var leftRecursion: Int? {
    // Whether the end can be reached without reading anything.
    let isEmpty = places { instruction, reached in
      switch instruction {
      case .read: false
      case .fork(let places): places.contains { reached[Int($0)] }
      case .call(let rule, let next): reached[Int(entries[Int(rule)])] && reached[Int(next)]
      case .end: true
      }
    }
    let calls = entries.map { first($0, isEmpty) }
    // 0: not seen, 1: on the way, 2: finished.
    var marks = [UInt8](repeating: 0, count: entries.count)
    for start in entries.indices where marks[start] == 0 {
      var path: [(rule: Int, index: Int)] = [(start, 0)]
      marks[start] = 1
      while let (rule, index) = path.last {
        guard index < calls[rule].count else {
          marks[rule] = 2
          path.removeLast()
          continue
        }
        path[path.count - 1].index += 1
        let called = calls[rule][index]
        if marks[called] == 1 { return called }
        if marks[called] == 0 {
          marks[called] = 1
          path.append((called, 0))
        }
      }
    }
    return nil
  }

  /// The rules that are called from a place before anything is read.
  private func first(_ place: Int32, _ isEmpty: [Bool]) -> [Int] {
    var called: Set<Int> = []
    var seen: Set<Int32> = [place]
    var open = [place]
    func visit(_ next: Int32) { if seen.insert(next).inserted { open.append(next) } }
    while let place = open.popLast() {
      switch instructions[Int(place)] {
      case .read, .end: break
      case .fork(let places): places.forEach(visit)
      case .call(let rule, let next):
        called.insert(Int(rule))
        if isEmpty[Int(entries[Int(rule)])] { visit(next) }
      }
    }
    return called.sorted()
  }

  /// The places that have a property that follows from the places they lead to.
  private func places(
    _ holds: (Instruction, [Bool]) -> Bool
  ) -> [Bool] {
    var uses = [[Int32]](repeating: [], count: instructions.count)
    for (place, instruction) in instructions.enumerated() {
      let place = Int32(place)
      switch instruction {
      case .read(_, let next): uses[Int(next)].append(place)
      case .fork(let places): for next in places { uses[Int(next)].append(place) }
      case .call(let rule, let next):
        uses[Int(next)].append(place)
        uses[Int(entries[Int(rule)])].append(place)
      case .end: break
      }
    }
    var result = [Bool](repeating: false, count: instructions.count)
    var open = Array(instructions.indices)
    while let place = open.popLast() {
      guard !result[place], holds(instructions[place], result) else { continue }
      result[place] = true
      open += uses[place].map { Int($0) }
    }
    return result
  }
}
