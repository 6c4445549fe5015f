/// Normalization form C as in the reference library: with the tables of Unicode 9.
///
/// Newer marks (U+08CA or U+1DF6, for example) count as starters there and are neither sorted nor
/// composed. The ids only agree if they are left alone here, too.
struct Normalizer: Sendable {
  static let shared = Normalizer()

  /// Full canonical decompositions, Hangul excepted.
  let decompositions: [UInt32: [UInt32]]
  /// The composite of a first and a second scalar, by `key(first, second)`.
  let compositions: [UInt64: UInt32]
  /// The combining class of every scalar for which it is not 0.
  let combiningClasses: [UInt32: UInt8]

  private init() {
    var decompositions: [UInt32: [UInt32]] = [:]
    var compositions: [UInt64: UInt32] = [:]
    var pairs: [(composite: UInt32, first: UInt32, second: UInt32)] = []
    var code: UInt32 = 0
    TableReader.forEachNumber(of: CompositionTable.pairs) { mark, number in
      switch mark {
      case .gap:
        code += number
        pairs.append((code, 0, 0))
      case .colon: pairs[pairs.count - 1].first = number
      default: pairs[pairs.count - 1].second = number
      }
    }
    for pair in pairs {
      compositions[Self.key(pair.first, pair.second)] = pair.composite
      decompositions[pair.composite] = [pair.first, pair.second]
    }
    // The table has single steps, and the first scalar may be decomposed further.
    for pair in pairs {
      var full = [pair.first, pair.second]
      while let step = decompositions[full[0]] { full.replaceSubrange(0..<1, with: step) }
      decompositions[pair.composite] = full
    }
    code = 0
    TableReader.forEachNumber(of: DecompositionTable.full) { mark, number in
      if mark == .gap {
        code += number
      } else {
        decompositions[code, default: []].append(number)
      }
    }
    self.decompositions = decompositions
    self.compositions = compositions
    combiningClasses = Self.readClasses()
  }

  private static func readClasses() -> [UInt32: UInt8] {
    var classes: [UInt32: UInt8] = [:]
    var current: UInt8 = 0
    var last: UInt32 = 0
    TableReader.forEachNumber(of: DecompositionTable.classes) { mark, number in
      switch mark {
      case .equals:
        current = UInt8(truncatingIfNeeded: number)
        last = 0
      case .plus:
        for code in last...(last + number) { classes[code] = current }
        last += number
      default:
        last += number
        classes[last] = current
      }
    }
    return classes
  }

  static func key(_ first: UInt32, _ second: UInt32) -> UInt64 {
    UInt64(first) << 21 | UInt64(second)
  }

  /// The text in form C; `nil` if it already is, which is determined without copying it.
  func composed(_ text: [UInt8]) -> [UInt8]? {
    let flags = ScalarClasses.shared.flags
    let trouble = ScalarClasses.unstable | ScalarClasses.mark
    var result: [UInt8] = []
    var copied = 0  // The text before this offset is in `result`.
    var boundary = 0  // The last scalar that nothing before it can change starts here.
    var lastClass: UInt8 = 0
    var index = 0
    while index < text.count {
      let (code, length) = UTF8Scalars.scalar(in: text, at: index)
      let flag = flags[Int(code)]
      if flag & trouble == 0 {
        boundary = index
        lastClass = 0
        index += length
        continue
      }
      if flag & ScalarClasses.unstable == 0 {
        // A mark that composes with nothing is in order unless it follows one of a higher class.
        let marks = combiningClasses[code] ?? 0
        if marks >= lastClass {
          lastClass = marks
          index += length
          continue
        }
      }
      var end = index + length
      while end < text.count {
        let (code, length) = UTF8Scalars.scalar(in: text, at: end)
        if flags[Int(code)] & trouble == 0 { break }
        end += length
      }
      result += text[copied..<boundary]
      appendComposed(text, from: boundary, to: end, into: &result)
      copied = end
      boundary = end
      lastClass = 0
      index = end
    }
    if copied == 0 { return nil }
    result += text[copied...]
    return result
  }

  private func appendComposed(
    _ text: [UInt8], from start: Int, to end: Int, into result: inout [UInt8]
  ) {
    var scalars: [UInt32] = []
    var index = start
    while index < end {
      let (code, length) = UTF8Scalars.scalar(in: text, at: index)
      if Hangul.syllables.contains(code) {
        Hangul.decompose(code, into: &scalars)
      } else if let parts = decompositions[code] {
        scalars += parts
      } else {
        scalars.append(code)
      }
      index += length
    }
    let classes = sortMarks(&scalars)
    for scalar in compose(scalars, classes) { UTF8Scalars.append(scalar, to: &result) }
  }

  /// Brings every run of marks into the order of their classes and returns the classes.
  private func sortMarks(_ scalars: inout [UInt32]) -> [UInt8] {
    var classes = scalars.map { combiningClasses[$0] ?? 0 }
    var start = 0
    while start < scalars.count {
      if classes[start] == 0 {
        start += 1
        continue
      }
      var end = start + 1
      while end < scalars.count, classes[end] != 0 { end += 1 }
      if end - start > 1 {
        // The position is part of the key, so that marks of the same class keep their order.
        let run = (start..<end).sorted { (classes[$0], $0) < (classes[$1], $1) }
        let sorted = run.map { (scalars[$0], classes[$0]) }
        for (offset, (scalar, mark)) in sorted.enumerated() {
          scalars[start + offset] = scalar
          classes[start + offset] = mark
        }
      }
      start = end
    }
    return classes
  }

  /// Merges every scalar into the starter before it, if a composite exists and no scalar between them
  /// blocks it.
  private func compose(_ scalars: [UInt32], _ classes: [UInt8]) -> [UInt32] {
    var result: [UInt32] = []
    result.reserveCapacity(scalars.count)
    var starter: Int?
    var lastClass = -1  // Of what stands between the starter and here; -1: nothing does.
    for (scalar, mark) in zip(scalars, classes) {
      let mark = Int(mark)
      if let place = starter, lastClass < mark,
        let composite = Hangul.compose(result[place], scalar)
          ?? compositions[Self.key(result[place], scalar)]
      {
        result[place] = composite
        continue
      }
      if mark == 0 {
        starter = result.count
        lastClass = -1
      } else {
        lastClass = mark
      }
      result.append(scalar)
    }
    return result
  }
}
