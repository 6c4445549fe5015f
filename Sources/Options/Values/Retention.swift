import Diagnostics

/// How many rows one merging layer keeps (the authors' `illava_vit_r` and `illava_llm_r`).
public enum Retention: Sendable, Equatable {
  /// Keeps this share of the rows, in (0, 1).
  case share(Double)
  /// Removes this many rows: the authors' older convention for values from 1 on.
  case removed(Int)

  /// Reads the authors' number: below 1 a share, from 1 on a number of rows.
  ///
  /// - Throws: `merging.retention` for any other number.
  public init(_ value: Double) throws(Failure) {
    if value > 0, value < 1 {
      self = .share(value)
    } else if value >= 1, value < 1e9 {
      self = .removed(Int(value.rounded(.toNearestOrEven)))
    } else {
      throw Failure(
        .usage, code: .mergingRetention,
        "a retention of \(value) keeps no tokens and removes none",
        remedy: "Give the share to keep, such as 0.85, or the number of rows to remove, from 1 on.")
    }
  }

  /// The authors' number for this retention.
  public var value: Double {
    switch self {
    case .share(let share): share
    case .removed(let count): Double(count)
    }
  }
}

extension Retention: OptionValue {
  /// The number in decimal digits.
  public static func plain(of text: String) -> PlainValue? { Double.plain(of: text) }

  /// Reads the authors' number.
  public init?(_ plain: PlainValue) throws(Failure) {
    guard let number = Double(plain) else { return nil }
    try self.init(number)
  }

  /// The authors' number.
  public var plain: PlainValue { .number(value) }
}
