/// The colors of boxes: those of Okabe and Ito, which differ for everybody.
enum BoxColors {
  private static let all = [
    Color(230, 159, 0), Color(86, 180, 233), Color(0, 158, 115), Color(240, 228, 66),
    Color(0, 114, 178), Color(213, 94, 0), Color(204, 121, 167),
  ]

  /// The color of a box by its number in the answer, from 1.
  static func color(_ number: Int) -> Color { all[max(0, number - 1) % all.count] }

  /// The color of letters on a color.
  static func letters(on color: Color) -> Color { color.luma > 110 ? .ink : .paper }
}
