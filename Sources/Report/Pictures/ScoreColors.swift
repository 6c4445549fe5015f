@preconcurrency import Glibc

/// Colors for scores, from dark violet over teal to bright yellow.
///
/// Lightness rises evenly with the score, so that the order is visible without hues, and in a print
/// without colors. Computed in OKLCh (Björn Ottosson, "A perceptual color space for image processing",
/// 2020): lightness and hue change linearly, chroma is as large as sRGB allows.
enum ScoreColors {
  /// The color of a share from 0, the lowest, to 1, the highest.
  static func color(_ share: Double) -> Color {
    let steps = Double(table.count - 1)
    let position = share.isFinite ? min(1, max(0, share)) * steps : 0
    return table[Int(position.rounded())]
  }

  private static let table: [Color] = (0..<256).map { compute(Double($0) / 255) }

  private static func compute(_ share: Double) -> Color {
    let lightness = 0.26 + 0.66 * share
    let hue = (305 - 200 * share) * Double.pi / 180
    // The largest chroma up to 0.15 that sRGB can show.
    var chroma = 0.15
    while chroma > 0 {
      let linear = linearRGB(lightness, chroma * cos(hue), chroma * sin(hue))
      if linear.allSatisfy({ (0...1).contains($0) }) { return encoded(linear) }
      chroma -= 0.005
    }
    return encoded(linearRGB(lightness, 0, 0))
  }

  /// OKLab to linear sRGB.
  private static func linearRGB(_ lightness: Double, _ a: Double, _ b: Double) -> [Double] {
    let l = cube(lightness + 0.3963377774 * a + 0.2158037573 * b)
    let m = cube(lightness - 0.1055613458 * a - 0.0638541728 * b)
    let s = cube(lightness - 0.0894841775 * a - 1.2914855480 * b)
    return [
      4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
      -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
      -0.0041960863 * l - 0.7034186147 * m + 1.7076147010 * s,
    ]
  }

  private static func cube(_ value: Double) -> Double { value * value * value }

  private static func encoded(_ linear: [Double]) -> Color {
    let bytes = linear.map { value in
      let clamped = min(1, max(0, value))
      let curve =
        clamped <= 0.0031308 ? 12.92 * clamped : 1.055 * pow(clamped, 1 / 2.4) - 0.055
      return UInt8((curve * 255).rounded())
    }
    return Color(bytes[0], bytes[1], bytes[2])
  }
}
