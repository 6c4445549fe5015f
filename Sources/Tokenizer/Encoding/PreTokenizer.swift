/// Splits text into the pieces that are encoded separately, exactly as a pattern of Qwen2 or Qwen3.5 does.
///
/// The pattern's alternatives are tried in order at each position; together they match any scalar, so
/// the pieces cover the text without gaps. That of Qwen2 is
///
///     (?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*
///     |\s*[\r\n]+|\s+(?!\S)|\s+
struct PreTokenizer {
  /// What a word is made of.
  enum Pattern: String, CaseIterable {
    /// Letters (Qwen2 to Qwen3).
    case letters =
      #"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"#
    /// Letters and marks, which many scripts write vowels with (Qwen3.5).
    case lettersAndMarks =
      #"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?[\p{L}\p{M}]+|\p{N}| ?[^\s\p{L}\p{M}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"#

    /// The flags of the scalars of a word. A mark before a word's first letter is part of the word in
    /// either reading of the pattern, so no other rule is needed for it.
    fileprivate var word: UInt8 {
      switch self {
      case .letters: ScalarClasses.letter
      case .lettersAndMarks: ScalarClasses.letter | ScalarClasses.anyMark
      }
    }
  }

  private let text: [UInt8]
  private let flags = ScalarClasses.shared.flags
  /// The flags of the scalars that make up words, and of those that are no symbols.
  private let word: UInt8
  private let noSymbol: UInt8
  private var position = 0

  /// Starts at the beginning of well formed UTF-8.
  init(_ text: [UInt8], _ pattern: Pattern = .letters) {
    self.text = text
    word = pattern.word
    noSymbol = pattern.word | ScalarClasses.number | ScalarClasses.space
  }

  /// The byte range of the next piece, or `nil` at the end.
  mutating func next() -> Range<Int>? {
    let start = position
    guard start < text.count else { return nil }
    position = end(of: start)
    return start..<position
  }

  private func end(of start: Int) -> Int {
    let lead = text[start]
    if lead == 0x27, let end = endOfContraction(from: start) { return end }
    let (first, length) = flagsOfScalar(at: start)
    let after = start + length
    if first & word != 0 { return endOfLetters(from: after) }
    if first & ScalarClasses.number != 0 { return after }
    if lead != 0x0A, lead != 0x0D, after < text.count,
      flagsOfScalar(at: after).flags & word != 0
    {
      return endOfLetters(from: after)
    }
    if first & ScalarClasses.space == 0 { return endOfSymbols(from: after) }
    if lead == 0x20, after < text.count, isSymbol(flagsOfScalar(at: after).flags) {
      return endOfSymbols(from: after)
    }
    return endOfSpaces(from: start)
  }

  @inline(__always)
  private func flagsOfScalar(at index: Int) -> (flags: UInt8, length: Int) {
    let (code, length) = UTF8Scalars.scalar(in: text, at: index)
    return (flags[Int(code)], length)
  }

  @inline(__always)
  private func isSymbol(_ flags: UInt8) -> Bool {
    flags & noSymbol == 0
  }

  /// `'s` and the other contractions in any case; U+017F, the long s, folds to `s` as well.
  private func endOfContraction(from start: Int) -> Int? {
    func letter(_ offset: Int) -> UInt8 {
      start + offset < text.count ? text[start + offset] | 0x20 : 0
    }
    switch letter(1) {
    case 0x73, 0x74, 0x6D, 0x64:  // s t m d
      return start + 2
    case 0x72 where letter(2) == 0x65, 0x76 where letter(2) == 0x65:  // re ve
      return start + 3
    case 0x6C where letter(2) == 0x6C:  // ll
      return start + 3
    default:
      let isLongS = start + 2 < text.count && text[start + 1] == 0xC5 && text[start + 2] == 0xBF
      return isLongS ? start + 3 : nil
    }
  }

  private func endOfLetters(from start: Int) -> Int {
    var index = start
    while index < text.count {
      let (flags, length) = flagsOfScalar(at: index)
      if flags & word == 0 { break }
      index += length
    }
    return index
  }

  /// The rest of symbols with the line ends after them.
  private func endOfSymbols(from start: Int) -> Int {
    var index = start
    while index < text.count {
      let (flags, length) = flagsOfScalar(at: index)
      if !isSymbol(flags) { break }
      index += length
    }
    while index < text.count, text[index] == 0x0A || text[index] == 0x0D { index += 1 }
    return index
  }

  /// What the last three alternatives match in a run of spaces: all of it up to its last line end;
  /// without a line end, all of it except the last space if something follows.
  private func endOfSpaces(from start: Int) -> Int {
    var index = start
    var last = start
    var afterLineEnd: Int?
    while index < text.count {
      let (flags, length) = flagsOfScalar(at: index)
      if flags & ScalarClasses.space == 0 { break }
      last = index
      index += length
      if text[last] == 0x0A || text[last] == 0x0D { afterLineEnd = index }
    }
    if let afterLineEnd { return afterLineEnd }
    return index == text.count || last == start ? index : last
  }
}
