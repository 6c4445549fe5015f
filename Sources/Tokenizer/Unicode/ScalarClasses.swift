/// The properties of scalars for the pre-tokenizer and the normalizer, one byte for each of 1,114,112.
///
/// The standard library knows these properties too, but of another Unicode version: Swift 6.3 has
/// Unicode 17, and the reference library Unicode 16 for letters and 9 for normalization, so that some
/// 5,000 scalars would be classified differently. Only the parts of the table that a text uses are
/// touched.
struct ScalarClasses: Sendable {
  /// `\p{L}`
  static let letter: UInt8 = 1
  /// `\p{N}`
  static let number: UInt8 = 2
  /// `\s`
  static let space: UInt8 = 4
  /// NFC may replace the scalar or merge it into the one before it.
  static let unstable: UInt8 = 8
  /// The combining class is not 0.
  static let mark: UInt8 = 16
  /// `\p{M}`, which also has marks of the combining class 0.
  static let anyMark: UInt8 = 32

  static let shared = ScalarClasses()

  /// The flags of every scalar, by its value.
  let flags: [UInt8]

  private init() {
    var flags = [UInt8](repeating: 0, count: 0x110000)
    func set(_ flag: UInt8, in table: StaticString) {
      TableReader.forEachRange(of: table) { range in
        for code in range { flags[Int(code)] |= flag }
      }
    }
    set(Self.letter, in: CategoryTable.letters)
    set(Self.anyMark, in: CategoryTable.marks)
    set(Self.number, in: CategoryTable.numbers)
    set(Self.space, in: CategoryTable.spaces)

    let normalizer = Normalizer.shared
    // A scalar that is decomposed and composed again, such as U+00E9, stays if nothing follows it.
    let restored = Set(normalizer.compositions.values)
    for code in normalizer.decompositions.keys where !restored.contains(code) {
      flags[Int(code)] |= Self.unstable
    }
    for pair in normalizer.compositions.keys { flags[Int(pair & 0x1FFFFF)] |= Self.unstable }
    for code in Hangul.vowels { flags[Int(code)] |= Self.unstable }
    for code in Hangul.finals { flags[Int(code)] |= Self.unstable }
    for code in normalizer.combiningClasses.keys { flags[Int(code)] |= Self.mark }
    self.flags = flags
  }
}
