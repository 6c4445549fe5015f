import Diagnostics

extension RegexParser {
  /// Reads a class up to and with its “]”.
  mutating func bracket() throws(Failure) -> ScalarSet {
    let isInverted = take("^")
    if peek == "]" { throw wrong("a class has no characters; write “\\]” for the bracket") }
    var result = ScalarClass(.none)
    while !take("]") {
      guard peek != nil else { throw wrong("a “[” is not closed") }
      if peek == "[", position + 1 < scalars.count, [":", ".", "="].contains(scalars[position + 1])
      {
        throw unsupported("a POSIX class “[\(scalars[position + 1])”")
      }
      let (first, isSingle) = try member()
      guard peek == "-", position + 1 < scalars.count, scalars[position + 1] != "]" else {
        result = result.union(first)
        continue
      }
      position += 1
      let (last, isLastSingle) = try member()
      guard isSingle, isLastSingle, let low = first.certain.ranges.first?.lowerBound,
        let high = last.certain.ranges.first?.upperBound, low <= high
      else { throw wrong("a range goes from one character up to another") }
      result = result.union(ScalarClass(ScalarSet([low...high])))
    }
    return isInverted ? result.inverted.certain : result.certain
  }

  /// A member of a class, and whether it is a single character.
  private mutating func member() throws(Failure) -> (set: ScalarClass, isSingle: Bool) {
    guard let next = peek else { throw wrong("a “[” is not closed") }
    if next == "\\" {
      let set = try escape(inBracket: true)
      let range = set.certain.ranges.first
      return (set, set.certain.ranges.count == 1 && range?.lowerBound == range?.upperBound)
    }
    position += 1
    return (ScalarClass(ScalarSet([next.value...next.value])), true)
  }

  /// Reads an escape.
  mutating func escape(inBracket: Bool) throws(Failure) -> ScalarClass {
    let start = position
    position += 1
    guard let letter = peek else { throw wrong("a “\\” at the end") }
    position += 1
    func one(_ scalar: UInt32) -> ScalarClass { ScalarClass(ScalarSet([scalar...scalar])) }
    switch letter {
    case "d": return .digit
    case "D": return ScalarClass.digit.inverted
    case "w": return .word
    case "W": return ScalarClass.word.inverted
    case "s": return .space
    case "S": return ScalarClass.space.inverted
    case "n": return one(0x0A)
    case "r": return one(0x0D)
    case "t": return one(0x09)
    case "f": return one(0x0C)
    case "v": return one(0x0B)
    case "x": return one(try hexadecimal(2))
    case "u": return one(peek == "{" ? try bracedHexadecimal() : try hexadecimal(4))
    case "p": return ScalarClass(try category())
    case "P": return ScalarClass(try category().inverted)
    case "b" where inBracket: return one(0x08)
    case "0" where !(peek.map { ("0"..."9").contains($0) } ?? false): return one(0)
    case "0"..."9":
      position = start
      throw unsupported("a backreference “\\\(letter)”")
    case "b", "B", "A", "Z", "z", "G":
      position = start
      throw unsupported("a boundary “\\\(letter)”")
    case "a"..."z", "A"..."Z":
      position = start
      throw wrong("“\\\(letter)” stands for nothing")
    default: return one(letter.value)
    }
  }

  private mutating func hexadecimal(_ count: Int) throws(Failure) -> UInt32 {
    let text = String(String.UnicodeScalarView(scalars[position...].prefix(count)))
    guard text.utf8.count == count, text.utf8.allSatisfy({ $0 != 0x2B && $0 != 0x2D }),
      let value = UInt32(text, radix: 16), Unicode.Scalar(value) != nil
    else { throw wrong("\(count) hexadecimal digits of a character should come here") }
    position += count
    return value
  }

  private mutating func bracedHexadecimal() throws(Failure) -> UInt32 {
    guard let text = braced(), (1...6).contains(text.utf8.count), text.utf8.first != 0x2B,
      let value = UInt32(text, radix: 16), Unicode.Scalar(value) != nil
    else { throw wrong("“{”, the number of a character and “}” should come here") }
    return value
  }

  private mutating func category() throws(Failure) -> ScalarSet {
    let start = position - 2
    guard let name = braced() else {
      throw wrong("“{” and the name of a category should come here")
    }
    guard let set = GeneralCategories.set(name) else {
      position = start
      throw unsupported("the Unicode class “\(name.prefix(40))”")
    }
    return set
  }

  /// Reads `{…}`.
  private mutating func braced() -> String? {
    guard peek == "{", let end = scalars[position...].firstIndex(of: "}") else { return nil }
    let text = String(String.UnicodeScalarView(scalars[(position + 1)..<end]))
    position = end + 1
    return text
  }
}
