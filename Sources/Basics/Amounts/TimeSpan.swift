/// Spans of time as people write them.
public enum TimeSpan {
  private static let units: [(name: String, seconds: Double)] = [
    ("ms", 0.001), ("s", 1), ("m", 60), ("h", 3600), ("d", 86400),
  ]

  /// Seconds from text such as `500ms`, `2s`, `10m`, `1.5h` or `30d`; `nil` for anything else.
  public static func parse(_ text: String) -> Double? {
    for (name, seconds) in units where text.hasSuffix(name) {
      // "ms" comes first, because "500ms" also ends in "s".
      guard let number = Double(text.dropLast(name.count)), number >= 0, number.isFinite else {
        return nil
      }
      return (number * seconds).isFinite ? number * seconds : nil
    }
    return nil
  }

  /// Seconds as `parse` reads them, in the largest unit that leaves no fraction: `90s` or `2h`.
  public static func setting(seconds: Double) -> String {
    for (name, size) in units.reversed() where seconds >= size {
      let number = seconds / size
      if number == number.rounded(), number < 1e15 { return "\(Int(number))\(name)" }
    }
    return seconds == 0 ? "0s" : "\(seconds)s"
  }

  /// Seconds in words of two units at most, such as `3 min 20 s`.
  public static func text(seconds: Double) -> String {
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
