/// Dates and times (RFC 3339) as in TOML: a date, a time of day, or both, and then optionally an offset.
enum TOMLTime {
  /// Whether the bytes are a date or time that exists.
  static func isTime(_ bytes: [UInt8]) -> Bool {
    var rest = bytes[...]
    if bytes.count > 4, bytes[4] == UInt8(ascii: "-") {
      guard takeDate(&rest) else { return false }
      guard let first = rest.popFirst() else { return true }
      guard first == UInt8(ascii: "T") || first == UInt8(ascii: "t") || first == 0x20,
        takeTime(&rest)
      else { return false }
      return rest.isEmpty || takeOffset(&rest) && rest.isEmpty
    }
    return takeTime(&rest) && rest.isEmpty
  }

  private static func takeDate(_ rest: inout ArraySlice<UInt8>) -> Bool {
    guard let year = number(4, &rest), take("-", &rest), let month = number(2, &rest),
      take("-", &rest), let day = number(2, &rest), 1...12 ~= month
    else { return false }
    let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    let days = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]
    return 1...days ~= day
  }

  private static func takeTime(_ rest: inout ArraySlice<UInt8>) -> Bool {
    guard let hour = number(2, &rest), take(":", &rest), let minute = number(2, &rest),
      take(":", &rest), let second = number(2, &rest), hour < 24, minute < 60,
      // Leap seconds exist.
      second <= 60
    else { return false }
    guard take(".", &rest) else { return true }
    let digits = rest.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    rest = rest.dropFirst(digits.count)
    return !digits.isEmpty
  }

  private static func takeOffset(_ rest: inout ArraySlice<UInt8>) -> Bool {
    if take("Z", &rest) || take("z", &rest) { return true }
    guard take("+", &rest) || take("-", &rest), let hour = number(2, &rest), take(":", &rest),
      let minute = number(2, &rest)
    else { return false }
    return hour < 24 && minute < 60
  }

  private static func take(_ character: Unicode.Scalar, _ rest: inout ArraySlice<UInt8>) -> Bool {
    guard rest.first == UInt8(ascii: character) else { return false }
    rest.removeFirst()
    return true
  }

  private static func number(_ digits: Int, _ rest: inout ArraySlice<UInt8>) -> Int? {
    guard rest.count >= digits else { return nil }
    var number = 0
    for _ in 0..<digits {
      guard let byte = rest.popFirst(), (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
      else { return nil }
      number = number * 10 + Int(byte - UInt8(ascii: "0"))
    }
    return number
  }
}
