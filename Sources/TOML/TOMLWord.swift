/// Values that are written without quotes or brackets.
enum TOMLWord {
  /// The value of a word; `nil` if it is not a value.
  static func content(_ word: String) -> TOMLValue.Content? {
    switch word {
    case "true": return .flag(true)
    case "false": return .flag(false)
    case "inf", "+inf": return .number(.infinity)
    case "-inf": return .number(-.infinity)
    case "nan", "+nan", "-nan": return .number(.nan)
    default:
      if let number = integer(word) { return .integer(number) }
      if let number = number(word) { return .number(number) }
      return TOMLTime.isTime(Array(word.utf8)) ? .time(word) : nil
    }
  }

  /// Whether a word is a whole number that no `Int` can hold.
  static func isTooLarge(_ word: String) -> Bool {
    guard let (digits, radix, _) = parts(word) else { return false }
    return Int(digits, radix: radix) == nil
  }

  private static func integer(_ word: String) -> Int? {
    guard let (digits, radix, isNegative) = parts(word) else { return nil }
    return Int((isNegative ? "-" : "") + digits, radix: radix)
  }

  /// The digits of a whole number, their radix and its sign; `nil` for anything else.
  private static func parts(_ word: String) -> (String, Int, Bool)? {
    for (start, radix) in [("0x", 16), ("0o", 8), ("0b", 2)] where word.hasPrefix(start) {
      let digits = plainDigits(Array(word.utf8.dropFirst(2)), radix: radix)
      return digits.map { ($0, radix, false) }
    }
    var bytes = Array(word.utf8)
    let isNegative = bytes.first == UInt8(ascii: "-")
    if isNegative || bytes.first == UInt8(ascii: "+") { bytes.removeFirst() }
    guard bytes.count == 1 || bytes.first != UInt8(ascii: "0") else { return nil }
    return plainDigits(bytes, radix: 10).map { ($0, 10, isNegative) }
  }

  private static func number(_ word: String) -> Double? {
    var bytes = Array(word.utf8)
    var sign = ""
    if bytes.first == UInt8(ascii: "-") || bytes.first == UInt8(ascii: "+") {
      sign = bytes.removeFirst() == UInt8(ascii: "-") ? "-" : ""
    }
    let letter = bytes.firstIndex { $0 == UInt8(ascii: "e") || $0 == UInt8(ascii: "E") }
    let mantissa = bytes[..<(letter ?? bytes.count)]
    let dot = mantissa.firstIndex(of: UInt8(ascii: "."))
    guard letter != nil || dot != nil else { return nil }
    let whole = Array(mantissa[..<(dot ?? mantissa.endIndex)])
    guard whole.count == 1 || whole.first != UInt8(ascii: "0"),
      var text = plainDigits(whole, radix: 10)
    else { return nil }
    if let dot {
      guard let fraction = plainDigits(Array(mantissa[(dot + 1)...]), radix: 10) else { return nil }
      text += "." + fraction
    }
    if let letter {
      var power = bytes[(letter + 1)...]
      var powerSign = ""
      if power.first == UInt8(ascii: "-") || power.first == UInt8(ascii: "+") {
        powerSign = power.removeFirst() == UInt8(ascii: "-") ? "-" : ""
      }
      guard let digits = plainDigits(Array(power), radix: 10) else { return nil }
      text += "e" + powerSign + digits
    }
    return Double(sign + text)
  }

  /// Digits without underscores, each of which must be between two digits.
  private static func plainDigits(_ bytes: [UInt8], radix: Int) -> String? {
    var digits: [UInt8] = []
    var isAfterDigit = false
    for byte in bytes {
      if byte == UInt8(ascii: "_"), isAfterDigit {
        isAfterDigit = false
      } else if let digit = Character(Unicode.Scalar(byte)).hexDigitValue, digit < radix {
        digits.append(byte)
        isAfterDigit = true
      } else {
        return nil
      }
    }
    return isAfterDigit ? String(decoding: digits, as: UTF8.self) : nil
  }
}
