/// Which of several pictures a place is in, as far as an answer says so.
public struct FindingPlace: Sendable, Equatable {
  /// The number of the picture in the question, from 1.
  public var image: Int?
  /// The page of a document, from 1.
  public var page: Int?
  /// The number of the frame among those that the model saw, from 1.
  public var frame: Int?
  /// The time in a video, in seconds.
  public var seconds: Double?

  /// A place that says nothing, or what is given.
  public init(image: Int? = nil, page: Int? = nil, frame: Int? = nil, seconds: Double? = nil) {
    self.image = image
    self.page = page
    self.frame = frame
    self.seconds = seconds
  }

  /// This place, with what it leaves open taken from another.
  func filled(from other: FindingPlace) -> FindingPlace {
    FindingPlace(
      image: image ?? other.image, page: page ?? other.page, frame: frame ?? other.frame,
      seconds: seconds ?? other.seconds)
  }

  /// Takes the value of a member that says where something is.
  ///
  /// - Returns: whether the name is one of these.
  mutating func take(_ value: String, of name: String) -> Bool {
    switch name {
    case "image", "image_index", "picture": image = Self.number(value)
    case "page": page = Self.number(value)
    case "frame": frame = Self.number(value)
    case "time", "timestamp", "seconds": seconds = Self.seconds(value)
    default: return false
    }
    return true
  }

  /// The whole number that a text is or ends with: `2`, `2.0`, `Picture 2`.
  static func number(_ text: String) -> Int? {
    if let number = Double(text) { return Int(exactly: number) }
    let digits = text.utf8.reversed().prefix { (0x30...0x39).contains($0) }
    return digits.isEmpty ? nil : Int(String(decoding: digits.reversed(), as: UTF8.self))
  }

  /// The seconds in a text: `1.5`, `1.5 seconds`, `1.5s`, `1:02.5`, `1:00:02`.
  static func seconds(_ text: String) -> Double? {
    let number = text.drop { $0 == "<" || $0 == " " }.prefix { "0123456789.:".contains($0) }
    let parts = number.split(separator: ":", omittingEmptySubsequences: false)
    guard (1...3).contains(parts.count) else { return nil }
    var seconds = 0.0
    for part in parts {
      guard let value = Double(part) else { return nil }
      seconds = seconds * 60 + value
    }
    return seconds.isFinite ? seconds : nil
  }
}
