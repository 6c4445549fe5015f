/// The arithmetic of Hangul syllables (Unicode, section 3.12).
enum Hangul {
  static let leads: Range<UInt32> = 0x1100..<0x1113
  static let vowels: Range<UInt32> = 0x1161..<0x1176
  static let finals: Range<UInt32> = 0x11A8..<0x11C3
  static let syllables: Range<UInt32> = 0xAC00..<0xD7A4
  private static let finalCount: UInt32 = 28

  /// Appends the two or three letters of a syllable.
  static func decompose(_ syllable: UInt32, into scalars: inout [UInt32]) {
    let index = syllable - syllables.lowerBound
    scalars.append(leads.lowerBound + index / (21 * finalCount))
    scalars.append(vowels.lowerBound + index % (21 * finalCount) / finalCount)
    if index % finalCount != 0 { scalars.append(finals.lowerBound - 1 + index % finalCount) }
  }

  /// The syllable that two neighbors make, if they do.
  static func compose(_ first: UInt32, _ second: UInt32) -> UInt32? {
    if leads.contains(first), vowels.contains(second) {
      let index = (first - leads.lowerBound) * 21 + second - vowels.lowerBound
      return syllables.lowerBound + index * finalCount
    }
    if syllables.contains(first), finals.contains(second),
      (first - syllables.lowerBound) % finalCount == 0
    {
      return first + second - (finals.lowerBound - 1)
    }
    return nil
  }
}
