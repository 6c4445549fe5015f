/// Amounts of memory as people write them.
public enum ByteCount {
  /// Bytes from `3000000`, `512M`, `2G` or `2GiB`; `nil` for anything else.
  public static func parse(_ text: String) -> Int? {
    var digits = text[...]
    if digits.hasSuffix("iB") { digits = digits.dropLast(2) }
    var factor = 1.0
    for (unit, bytes) in [("K", 0x1p10), ("M", 0x1p20), ("G", 0x1p30), ("T", 0x1p40)]
    where digits.hasSuffix(unit) {
      digits = digits.dropLast()
      factor = bytes
    }
    guard let number = Double(digits), number > 0, number * factor < 0x1p52 else { return nil }
    return Int(number * factor)
  }

  /// `1.5 GiB`, `37 MiB`.
  public static func text(_ bytes: Int) -> String {
    let gibibytes = Double(bytes) / 0x1p30
    if gibibytes >= 1 { return "\((gibibytes * 100).rounded() / 100) GiB" }
    return "\(Int((Double(bytes) / 0x1p20).rounded(.up))) MiB"
  }
}
