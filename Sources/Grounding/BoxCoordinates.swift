/// What the numbers count that a family of models writes for a place in a picture.
public enum BoxCoordinates: Sendable, Equatable {
  /// Thousandths of the picture's width and height (Qwen2-VL, Qwen3-VL, Qwen3.5, InternVL).
  case thousandths
  /// Pixels of the picture in the size in which the model saw it (Qwen2.5-VL).
  case shownPixels

  /// How many of the picture's own pixels one unit is.
  ///
  /// - Parameters:
  ///   - own: pixels of the picture along an axis.
  ///   - shown: pixels that the model saw along it.
  func scale(own: Int, shown: Int) -> Double {
    switch self {
    case .thousandths: Double(own) / 1000
    case .shownPixels: Double(own) / Double(max(1, shown))
    }
  }
}
