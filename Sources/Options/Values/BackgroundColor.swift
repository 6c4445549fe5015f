import Diagnostics

/// The color behind the transparent parts of images and videos: a name, or `#` and six hexadecimal
/// digits.
public struct BackgroundColor: Sendable, Equatable {
  /// Red, from 0 to 255.
  public let red: UInt8
  /// Green, from 0 to 255.
  public let green: UInt8
  /// Blue, from 0 to 255.
  public let blue: UInt8

  /// White, which paper and pages have.
  public static let white = BackgroundColor(red: 255, green: 255, blue: 255)

  private static let named: [String: BackgroundColor] = [
    "white": white,
    "black": BackgroundColor(red: 0, green: 0, blue: 0),
    "gray": BackgroundColor(red: 128, green: 128, blue: 128),
  ]

  /// A color from its parts.
  public init(red: UInt8, green: UInt8, blue: UInt8) {
    self.red = red
    self.green = green
    self.blue = blue
  }

  /// Reads `white`, `black`, `gray` or `#ffe0c0`.
  ///
  /// - Throws: `media.background` for any other text.
  public init(text: String) throws(Failure) {
    let lower = text.lowercased()
    if let color = Self.named[lower] {
      self = color
      return
    }
    let digits = lower.dropFirst()
    guard lower.hasPrefix("#"), digits.utf8.count == 6, digits.allSatisfy(\.isHexDigit),
      let value = UInt32(digits, radix: 16)
    else {
      throw Failure(
        .usage, code: .mediaBackground, "“\(text)” is no background color",
        remedy: "Give white, black, gray, or # and six hexadecimal digits, such as #ffe0c0.")
    }
    self.init(
      red: UInt8(truncatingIfNeeded: value >> 16), green: UInt8(truncatingIfNeeded: value >> 8),
      blue: UInt8(truncatingIfNeeded: value))
  }

  /// The name where the color has one, otherwise its digits.
  public var text: String {
    if let name = Self.named.first(where: { $0.value == self })?.key { return name }
    let digits = String(Int(red) << 16 | Int(green) << 8 | Int(blue), radix: 16)
    return "#" + String(repeating: "0", count: 6 - digits.count) + digits
  }
}

extension BackgroundColor: OptionValue {
  /// The text itself.
  public static func plain(of text: String) -> PlainValue? { .text(text) }

  /// Reads a name or digits.
  public init?(_ plain: PlainValue) throws(Failure) {
    guard case .text(let text) = plain else { return nil }
    try self.init(text: text)
  }

  /// The name or the digits.
  public var plain: PlainValue { .text(text) }
}
