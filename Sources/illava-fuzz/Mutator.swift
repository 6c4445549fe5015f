import Basics

/// Makes damaged texts from valid ones; the same seed gives the same texts.
struct Mutator: RandomNumberGenerator {
  private var random: SplitMix64
  private let corpus: [[UInt8]]
  private let words: [[UInt8]]

  /// Numbers and characters that often cause errors in readers.
  private static let common = [
    "0", "-1", "9223372036854775807", "-9223372036854775808", "9223372036854775808",
    "18446744073709551616", "1e308", "-1e308", "1e999", "1e-400", "nan", "inf", "-inf", "0x10",
    "1.5",
    "null", "true", "\"\"", "\\ud800", "\\u0000", "\u{202E}", "\u{FEFF}", "\0", "\n", "\r\n", "{",
    "}",
    "[", "]", "\"", "'", ",", ":", "=", ".", "..", "/", "\\", "#", "é", "1e30d", "0s", "../../etc",
  ]

  init(seed: UInt64, corpus: [[UInt8]], words: [String]) {
    random = SplitMix64(seed: seed)
    self.corpus = corpus
    self.words = (Self.common + words).map { Array($0.utf8) }
  }

  mutating func next() -> UInt64 { random.next() }

  /// A number from 0 up to but not including `bound`, which may be 0.
  mutating func number(below bound: Int) -> Int { bound <= 0 ? 0 : Int(next() % UInt64(bound)) }

  /// The next text.
  mutating func text() -> [UInt8] {
    var text = corpus.isEmpty ? [] : corpus[number(below: corpus.count)]
    if number(below: 20) == 0 { text = [] }
    for _ in 0...number(below: 6) { change(&text) }
    // A few are long, to find time or memory that grows faster than the text.
    if number(below: 60) == 0 { stretch(&text) }
    return text
  }

  private mutating func change(_ text: inout [UInt8]) {
    let at = number(below: text.count + 1)
    let end = min(text.count, at + 1 + number(below: 24))
    switch number(below: 9) {
    case 0 where at < text.count: text[at] ^= 1 << UInt8(number(below: 8))
    case 1: text.removeSubrange(at..<end)
    case 2: text.replaceSubrange(at..<end, with: words[number(below: words.count)])
    case 3: text.insert(contentsOf: words[number(below: words.count)], at: at)
    case 4: text.insert(contentsOf: text[at..<end], at: number(below: text.count + 1))
    case 5: text.removeSubrange(at...)
    case 6: replaceNumber(&text)
    case 7: text.insert(UInt8(truncatingIfNeeded: next()), at: at)
    default: text.insert(contentsOf: words[number(below: words.count)], at: at)
    }
  }

  /// Replaces a number by another one.
  private mutating func replaceNumber(_ text: inout [UInt8]) {
    func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
    let starts = text.indices.filter { isDigit(text[$0]) && ($0 == 0 || !isDigit(text[$0 - 1])) }
    guard !starts.isEmpty else { return }
    let start = starts[number(below: starts.count)]
    let end = text[start...].firstIndex { !isDigit($0) } ?? text.count
    text.replaceSubrange(start..<end, with: words[number(below: 17)])
  }

  /// Repeats a piece many times.
  private mutating func stretch(_ text: inout [UInt8]) {
    let at = number(below: text.count + 1)
    var piece = Array(text[at..<min(text.count, at + 1 + number(below: 8))])
    if piece.isEmpty || number(below: 2) == 0 { piece = words[number(below: words.count)] }
    guard !piece.isEmpty else { return }
    let count = 200_000 / piece.count
    text.insert(contentsOf: Array(repeatElement(piece, count: count).joined()), at: at)
  }
}
