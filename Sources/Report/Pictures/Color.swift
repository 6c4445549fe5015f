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

  /// Behind everything.
  static let paper = Color(250, 250, 248)
  /// Letters.
  static let ink = Color(28, 30, 34)
  /// Letters of less weight.
  static let faint = Color(98, 102, 110)
  /// Around a group that took up others; orange is told from gray and blue by everybody.
  static let recycled = Color(255, 176, 0)
  /// The outer line of that outline, so that it shows on bright pictures as well.
  static let outline = Color(16, 16, 16)
  /// Between groups that are left and groups that are not.
  static let border = Color(226, 226, 224)
  /// Groups that were not scored any more.
  static let absent = Color(206, 206, 204)

  /// How bright it looks, 0 to 255 (Rec. 601 weights).
  var luma: Int { (Int(red) * 299 + Int(green) * 587 + Int(blue) * 114 + 500) / 1000 }
}
