@preconcurrency import Glibc

/// Numbers formatted for people.
enum Numbers {
  /// `0.42 s`, `12.3 s`, `4 min 05 s`.
  static func seconds(_ value: Double) -> String {
    guard value.isFinite, value >= 0 else { return "?" }
    if value < 10 { return "\(fixed(value, 2)) s" }
    if value < 120 { return "\(fixed(value, 1)) s" }
    let whole = Int(min(value, 1e12).rounded())
    return "\(whole / 60) min \(SourceView.twoDigits(whole % 60)) s"
  }

  /// `512 KiB`, `1.23 GiB`.
  static func bytes(_ value: Int) -> String {
    var amount = Double(max(0, value))
    var unit = "B"
    for next in ["KiB", "MiB", "GiB", "TiB"] where amount >= 1000 {
      amount /= 1024
      unit = next
    }
    return unit == "B" || amount >= 100
      ? "\(Int(amount.rounded())) \(unit)" : "\(fixed(amount, amount < 10 ? 2 : 1)) \(unit)"
  }

  /// `1 token`, `2 tokens`.
  static func count(_ number: Int, _ word: String) -> String {
    "\(number) \(word)\(number == 1 ? "" : "s")"
  }

  /// A number with `digits` digits after the decimal point.
  static func fixed(_ value: Double, _ digits: Int) -> String {
    // A file can contain any time; a number too large for fixed digits is written as Swift writes it.
    guard abs(value) < 1e12 else { return "\(value)" }
    let factor = pow(10, Double(digits))
    let scaled = Int((value * factor).rounded())
    let (whole, rest) = scaled.quotientAndRemainder(dividingBy: Int(factor))
    let tail = String(rest)
    return "\(whole)." + String(repeating: "0", count: max(0, digits - tail.count)) + tail
  }
}
