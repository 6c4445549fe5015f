/// Times and amounts as people write them.
public enum Quantity {
  private static let times: [(unit: String, seconds: Double)] = [
    ("ms", 0.001), ("s", 1), ("m", 60), ("h", 3600), ("d", 86400),
  ]
  private static let amounts: [(unit: String, bytes: Double)] = [
    ("K", 0x1p10), ("M", 0x1p20), ("G", 0x1p30), ("T", 0x1p40),
  ]

  /// Seconds from text such as `500ms`, `2s`, `10m`, `1.5h` or `30d`; `nil` for anything else.
  public static func seconds(_ text: String) -> Double? {
    for (unit, seconds) in times where text.hasSuffix(unit) {
      // "ms" comes first: "500ms" ends in "s" too.
      guard let number = Double(text.dropLast(unit.count)), number >= 0, number.isFinite else {
        return nil
      }
      return (number * seconds).isFinite ? number * seconds : nil
    }
    return nil
  }

  /// Bytes from text such as `512M`, `10G` or `4096`; `nil` for anything else.
  public static func bytes(_ text: String) -> Int? {
    var digits = text[...]
    if digits.hasSuffix("iB") { digits = digits.dropLast(2) }
    var factor = 1.0
    for (unit, bytes) in amounts where digits.hasSuffix(unit) {
      digits = digits.dropLast(unit.count)
      factor = bytes
    }
    guard let number = Double(digits), number >= 0, number * factor < 9e18 else { return nil }
    return Int(number * factor)
  }

  /// A time in the largest unit that leaves no fraction, such as `90s` or `2h`.
  public static func text(seconds: Double) -> String {
    for (unit, size) in times.reversed() where seconds >= size {
      let number = seconds / size
      if number == number.rounded(), number < 1e15 { return "\(Int(number))\(unit)" }
    }
    return seconds == 0 ? "0s" : "\(seconds)s"
  }

  /// An amount with at most one decimal, such as `1.5 GiB`.
  public static func text(bytes: Int) -> String {
    for (unit, size) in amounts.reversed() where Double(bytes) >= size {
      let tenths = (Double(bytes) / size * 10).rounded()
      let number = tenths / 10
      return number >= 10 || number == number.rounded()
        ? "\(Int(number.rounded())) \(unit)iB" : "\(number) \(unit)iB"
    }
    return "\(bytes) B"
  }

  /// A span for people, two units at most, such as `3 min 20 s`.
  public static func span(seconds: Double) -> String {
    guard seconds.isFinite, seconds < 1e12 else { return "–" }
    let whole = Int(max(0, seconds).rounded())
    switch whole {
    case 0..<1: return "\(Int((max(0, seconds) * 1000).rounded())) ms"
    case 1..<60: return "\(whole) s"
    case 60..<3600:
      return whole % 60 == 0 ? "\(whole / 60) min" : "\(whole / 60) min \(whole % 60) s"
    case 3600..<86400: return "\(whole / 3600) h \(whole % 3600 / 60) min"
    default: return "\(whole / 86400) d \(whole % 86400 / 3600) h"
    }
  }
}
