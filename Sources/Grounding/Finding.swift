/// A place that an answer names, in the numbers of the model.
public struct Finding: Sendable, Equatable {
  /// What is at a place.
  public enum Kind: String, Sendable, Codable {
    /// A rectangle of two corners.
    case box
    /// A single point.
    case point

    /// How many numbers it takes.
    var numbers: Int { self == .box ? 4 : 2 }
  }

  /// A rectangle or a point.
  public let kind: Kind
  /// What the model says is there.
  public let label: String?
  /// The model's own numbers: `x1, y1, x2, y2`, or `x, y`; all are finite.
  public let numbers: [Double]
  /// Which picture it is in, as far as the answer says so.
  public let place: FindingPlace

  /// A place from its parts.
  public init(
    _ kind: Kind, label: String? = nil, numbers: [Double], place: FindingPlace = FindingPlace()
  ) {
    self.kind = kind
    self.label = label
    self.numbers = numbers
    self.place = place
  }

  /// The place in whole pixels of the picture's own size, from its upper left corner.
  ///
  /// Corners are put in order and moved to the picture's edge where they lie outside. A box covers at
  /// least one pixel.
  ///
  /// - Parameters:
  ///   - own: width and height of the picture.
  ///   - shown: width and height in which the model saw it.
  /// - Returns: `x1, y1, x2, y2`, where `x2` and `y2` are the first column and row behind the box; or
  ///   `x, y`. `nil` for a box without area and for what is outside the picture.
  public func pixels(
    own: (width: Int, height: Int), shown: (width: Int, height: Int),
    _ coordinates: BoxCoordinates
  ) -> [Int]? {
    guard own.width > 0, own.height > 0, numbers.count == kind.numbers else { return nil }
    let across = coordinates.scale(own: own.width, shown: shown.width)
    let down = coordinates.scale(own: own.height, shown: shown.height)
    guard kind == .box else {
      guard let x = Self.pixel(numbers[0] * across, of: own.width),
        let y = Self.pixel(numbers[1] * down, of: own.height)
      else { return nil }
      return [x, y]
    }
    guard let x = Self.span(numbers[0] * across, numbers[2] * across, of: own.width),
      let y = Self.span(numbers[1] * down, numbers[3] * down, of: own.height)
    else { return nil }
    return [x.lowerBound, y.lowerBound, x.upperBound, y.upperBound]
  }

  private static func pixel(_ place: Double, of size: Int) -> Int? {
    guard place >= 0, place <= Double(size) else { return nil }
    return min(size - 1, Int(place))
  }

  private static func span(_ one: Double, _ other: Double, of size: Int) -> Range<Int>? {
    let low = max(0, min(one, other))
    let high = min(Double(size), max(one, other))
    guard low < high else { return nil }
    let (first, end) = (Int(low.rounded()), Int(high.rounded()))
    if first < end { return first..<end }
    // Less than a pixel, on one side of its middle.
    let only = min(size - 1, Int(low))
    return only..<only + 1
  }
}
