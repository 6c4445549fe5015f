import Diagnostics

/// The part of an image that a file does not hold, because it was cut off or damaged.
struct MissingPart {
  /// Where the part is.
  enum Place: String {
    case lower = "the lower "
    case upper = "the upper "
    case scattered = ""
  }

  /// Lines or pixels that are missing.
  var missing: Int
  /// All lines or pixels.
  var total: Int
  var place = Place.lower
  /// Whether the file ends before the data that it announces.
  var endsEarly = true

  /// Nothing is shown of a picture of which more than this share is missing.
  private static let most = 0.99

  /// A sentence that says how much is missing; `nil` where nothing is.
  ///
  /// - Throws: `media.undecodable` where nothing or next to nothing is left.
  func warning(name: String, reason: String = "") throws(Failure) -> String? {
    guard missing > 0, total > 0 else { return nil }
    let share = Double(missing) / Double(total)
    guard share <= Self.most else {
      throw LibavError.undecodable(
        name, endsEarly ? ": the file ends before its pixels begin" : reason)
    }
    let percent = max(1, min(99, Int((share * 100).rounded())))
    let cause = endsEarly ? "the file ends early" : "the file is damaged"
    return "\(place.rawValue)\(percent) % of \(name) is missing: \(cause); copy it again"
  }
}
