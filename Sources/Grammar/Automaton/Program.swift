/// Rules that read bytes: an automaton that is not deterministic, with a stack for rules in rules.
struct Program: Sendable {
  /// All steps.
  let instructions: [Instruction]
  /// Where each rule begins.
  let entries: [Int32]
  /// Where the whole begins.
  let start: Int32
  /// The class of each byte: no step distinguishes the bytes of a class.
  let classes: [UInt8]
  /// One byte of each class.
  let samples: [UInt8]
  /// How many bytes each class has.
  let sizes: [Int]
  /// For places before many copies of a repetition, the place before fewer of them from which the same
  /// can be read, up to `GrammarLimits.shortTokenBytes` bytes.
  let fewerCopies: [Int32: Int32]

  /// The same with a space before it, or without.
  var afterOptionalSpace: Program {
    let count = Int32(instructions.count)
    return Program(
      instructions: instructions + [
        .read(ByteSet(0x20), next: start), .fork([count, start]),
      ], entries: entries, start: count + 1, fewerCopies: fewerCopies)
  }

  /// A program from its steps.
  init(
    instructions: [Instruction], entries: [Int32], start: Int32,
    fewerCopies: [Int32: Int32] = [:]
  ) {
    self.fewerCopies = fewerCopies
    self.instructions = instructions
    self.entries = entries
    self.start = start
    var sets: Set<ByteSet> = []
    for case .read(let set, _) in instructions { sets.insert(set) }
    var classes = [UInt8](repeating: 0, count: 256)
    var count = 1
    for set in sets {
      // Splits each class into the bytes inside and outside of the set.
      var inside: [UInt8: UInt8] = [:]
      var sizes = [Int](repeating: 0, count: count)
      var members = [Int](repeating: 0, count: count)
      for byte in 0..<256 {
        sizes[Int(classes[byte])] += 1
        if set.contains(UInt8(byte)) { members[Int(classes[byte])] += 1 }
      }
      for old in 0..<count where members[old] > 0 && members[old] < sizes[old] {
        inside[UInt8(old)] = UInt8(count)
        count += 1
      }
      guard !inside.isEmpty else { continue }
      for byte in 0..<256 where set.contains(UInt8(byte)) {
        if let new = inside[classes[byte]] { classes[byte] = new }
      }
    }
    var sizes = [Int](repeating: 0, count: count)
    var samples = [UInt8](repeating: 0, count: count)
    for byte in 0..<256 {
      sizes[Int(classes[byte])] += 1
      samples[Int(classes[byte])] = UInt8(byte)
    }
    self.classes = classes
    self.samples = samples
    self.sizes = sizes
  }
}
