/// Amounts of memory and of files as people write them.
public enum ByteCount {
  private static let units: [(name: String, bytes: Double)] = [
    ("K", 0x1p10), ("M", 0x1p20), ("G", 0x1p30), ("T", 0x1p40),
  ]

  /// Bytes from text such as `512M`, `10G`, `2GiB` or `4096`; `nil` for anything else.
  public static func parse(_ text: String) -> Int? {
    var digits = text[...]
    if digits.hasSuffix("iB") { digits = digits.dropLast(2) }
    var factor = 1.0
    for (name, bytes) in units where digits.hasSuffix(name) {
      digits = digits.dropLast(name.count)
      factor = bytes
    }
    guard let number = Double(digits), number >= 0, number * factor < 9e18 else { return nil }
    return Int(number * factor)
  }

  /// An amount of memory that is needed: `1.53 GiB`, or MiB rounded up, such as `37 MiB`.
  public static func memory(_ bytes: Int) -> String {
    let gibibytes = Double(bytes) / 0x1p30
    if gibibytes >= 1 { return "\((gibibytes * 100).rounded() / 100) GiB" }
    return "\(Int((Double(bytes) / 0x1p20).rounded(.up))) MiB"
  }

  /// An amount of any size with at most one decimal, such as `1.5 GiB` or `12 B`.
  public static func text(_ bytes: Int) -> String {
    for (name, size) in units.reversed() where Double(bytes) >= size {
      let tenths = (Double(bytes) / size * 10).rounded()
      let number = tenths / 10
      return number >= 10 || number == number.rounded()
        ? "\(Int(number.rounded())) \(name)iB" : "\(number) \(name)iB"
    }
    return "\(bytes) B"
  }
}
