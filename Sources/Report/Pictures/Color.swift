/// An opaque color, 8 bits a channel, as sRGB.
struct Color: Sendable, Equatable {
  let red: UInt8
  let green: UInt8
  let blue: UInt8

  init(_ red: UInt8, _ green: UInt8, _ blue: UInt8) {
    self.red = red
    self.green = green
    self.blue = blue
  }

  /// The background.
  static let paper = Color(250, 250, 248)
  /// The color of letters.
  static let ink = Color(28, 30, 34)
  /// The color of less important letters.
  static let faint = Color(98, 102, 110)
  /// The outline of a group that received others; orange differs from gray and blue for everybody.
  static let recycled = Color(255, 176, 0)
  /// The outer line of that outline, so that it is visible on bright pictures, too.
  static let outline = Color(16, 16, 16)
  /// The line between groups that are left and groups that are not.
  static let border = Color(226, 226, 224)
  /// Groups that had been removed before they could be scored.
  static let absent = Color(206, 206, 204)

  /// The perceived brightness, 0 to 255 (Rec. 601 weights).
  var luma: Int { (Int(red) * 299 + Int(green) * 587 + Int(blue) * 114 + 500) / 1000 }
}
