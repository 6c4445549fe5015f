/// How the frames that are looked at are spread over a video.
public enum FrameSpacing: Sendable, Equatable {
  /// From the first frame to the last at equal distances (NumPy's `linspace`, rounded to frames).
  case ends
  /// As `ends`, cut to the frame before instead of rounded.
  case endsCut
  /// The video is divided into equal parts, and the middle frame of each is taken.
  case middles
  /// The video is divided into equal parts, and the first frame of each is taken.
  case starts

  /// The places of `count` frames on a line from 0 to `last`.
  ///
  /// - Parameter length: the length that `middles` and `starts` divide into parts.
  func places(count: Int, last: Double, length: Double) -> [Double] {
    switch self {
    case .ends, .endsCut: Self.linspace(last: last, count: count)
    case .middles: (0..<count).map { (Double($0) + 0.5) * length / Double(count) }
    case .starts: (0..<count).map { Double($0) * length / Double(count) }
    }
  }

  /// NumPy's `linspace(0, last, count)`: `i * step`, with the end point set exactly.
  private static func linspace(last: Double, count: Int) -> [Double] {
    guard count > 1 else { return count == 1 ? [0] : [] }
    let step = last / Double(count - 1)
    var values = (0..<count).map { Double($0) * step }
    values[count - 1] = last
    return values
  }
}
