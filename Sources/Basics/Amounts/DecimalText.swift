@preconcurrency import Glibc

/// Numbers with a fixed number of decimal places.
public enum DecimalText {
  /// A number with `places` decimal places.
  public static func number(_ value: Double, _ places: Int) -> String {
    var buffer = [CChar](repeating: 0, count: 400)
    let length = withVaList([Int32(places), value]) { vsnprintf(&buffer, buffer.count, "%.*f", $0) }
    let text = buffer.prefix(max(0, min(Int(length), buffer.count - 1)))
    return String(decoding: text.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  /// A share of 1 such as `34.2 %`.
  public static func percent(_ share: Double) -> String { number(share * 100, 1) + " %" }
}
