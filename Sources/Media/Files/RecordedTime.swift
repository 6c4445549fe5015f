/// Times as cameras write them into files.
enum RecordedTime {
  /// A time as RFC 3339 has it, to the second: with a zone where the file states one, otherwise the local
  /// time of the camera without one.
  ///
  /// - Parameters:
  ///   - raw: such as `2024:05:01 12:30:00` in EXIF, `2024-05-01T12:30:00+0200` or
  ///     `2024-05-01T10:30:00.000000Z` in containers.
  ///   - zone: such as `+02:00`, where it is stored apart.
  /// - Returns: `nil` for a text that is no time, and for the beginning of a clock that was never set.
  static func text(_ raw: String, zone: String? = nil) -> String? {
    let bytes = Array(raw.utf8)
    guard bytes.count >= 19, let year = number(bytes[0..<4]), let month = number(bytes[5..<7]),
      let day = number(bytes[8..<10]), let hour = number(bytes[11..<13]),
      let minute = number(bytes[14..<16]), let second = number(bytes[17..<19]),
      bytes[4] == bytes[7], bytes[4] == UInt8(ascii: ":") || bytes[4] == UInt8(ascii: "-"),
      bytes[10] == UInt8(ascii: " ") || bytes[10] == UInt8(ascii: "T"),
      bytes[13] == UInt8(ascii: ":"), bytes[16] == UInt8(ascii: ":")
    else { return nil }
    guard year > 0, (1...12).contains(month), (1...days(year, month)).contains(day), hour < 24,
      minute < 60, second < 60
    else { return nil }
    let date = "\(digits(bytes[0..<4]))-\(digits(bytes[5..<7]))-\(digits(bytes[8..<10]))"
    let time = digits(bytes[11..<13]) + ":" + digits(bytes[14..<16]) + ":" + digits(bytes[17..<19])
    let isUnset = [1904, 1970].contains(year) && date.hasSuffix("-01-01") && time == "00:00:00"
    guard !isUnset else { return nil }
    var rest = bytes[19...]
    if rest.first == UInt8(ascii: ".") {
      rest = rest.dropFirst().drop { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    }
    let own = String(decoding: rest, as: UTF8.self)
    return "\(date)T\(time)" + (self.zone(own.isEmpty ? zone ?? "" : own) ?? "")
  }

  /// `Z`, or hours and minutes; `nil` for anything else.
  private static func zone(_ text: String) -> String? {
    if text == "Z" { return text }
    let bytes = Array(text.utf8.filter { $0 != UInt8(ascii: ":") })
    guard bytes.count == 5, bytes[0] == UInt8(ascii: "+") || bytes[0] == UInt8(ascii: "-"),
      let hours = number(bytes[1..<3]), let minutes = number(bytes[3..<5]), hours < 24, minutes < 60
    else { return nil }
    return digits(bytes[0..<3]) + ":" + digits(bytes[3..<5])
  }

  private static func days(_ year: Int, _ month: Int) -> Int {
    switch month {
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }

  private static func number(_ bytes: ArraySlice<UInt8>) -> Int? {
    var number = 0
    for byte in bytes {
      guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
      number = number * 10 + Int(byte - UInt8(ascii: "0"))
    }
    return number
  }

  private static func digits(_ bytes: ArraySlice<UInt8>) -> String {
    String(decoding: bytes, as: UTF8.self)
  }
}
