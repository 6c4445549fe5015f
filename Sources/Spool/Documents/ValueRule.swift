import Basics

/// What a value of a configuration file or a job file may be.
enum ValueRule: Sendable {
  case text
  case texts
  case flag
  case integer(ClosedRange<Int>)
  case number(ClosedRange<Double>)
  case choice([String])
  /// Seconds, written such as `"2s"`, `"500ms"`, `"10m"`, `"1h"` or `"30d"`.
  case duration(ClosedRange<Double>)
  /// Bytes, written such as `"512M"` or `"10G"`.
  case bytes

  /// A value that fits its rule.
  enum Value: Sendable, Equatable {
    case text(String)
    case texts([String])
    case flag(Bool)
    case integer(Int)
    case number(Double)
    case seconds(Double)
    case bytes(Int)
  }

  /// The value if it fits.
  func read(_ value: JSONValue) -> Value? {
    switch (self, value) {
    case (.text, .text(let text)): return .text(text)
    case (.texts, .array(let values)):
      var texts: [String] = []
      for case .text(let text) in values { texts.append(text) }
      return texts.count == values.count ? .texts(texts) : nil
    case (.flag, .flag(let flag)): return .flag(flag)
    case (.integer(let range), .integer(let number)) where range.contains(number):
      return .integer(number)
    case (.number(let range), .integer(let number)) where range.contains(Double(number)):
      return .number(Double(number))
    case (.number(let range), .number(let number)) where range.contains(number):
      return .number(number)
    case (.choice(let names), .text(let text)) where names.contains(text): return .text(text)
    case (.duration(let range), .text(let text)):
      guard let seconds = TimeSpan.parse(text), range.contains(seconds) else { return nil }
      return .seconds(seconds)
    case (.bytes, .text(let text)): return ByteCount.parse(text).map { .bytes($0) }
    case (.bytes, .integer(let number)) where number >= 0: return .bytes(number)
    default: return nil
    }
  }

  /// What has to be given, for messages.
  var wanted: String {
    switch self {
    case .text: "text in quotes"
    case .texts: "a list of texts, such as [\"…\"]"
    case .flag: "true or false"
    case .integer(let range):
      range.upperBound == .max
        ? "a whole number from \(range.lowerBound)"
        : "a whole number from \(range.lowerBound) to \(range.upperBound)"
    case .number(let range):
      range.upperBound == .infinity || range.upperBound > 1e300
        ? "a number from \(range.lowerBound)"
        : "a number from \(range.lowerBound) to \(range.upperBound)"
    case .choice(let names): names.map { "\"\($0)\"" }.joined(separator: ", ")
    case .duration(let range):
      "a time such as \"2s\", \"10m\" or \"30d\", from \(TimeSpan.setting(seconds: range.lowerBound))"
        + " to \(TimeSpan.setting(seconds: range.upperBound))"
    case .bytes: "an amount such as \"512M\" or \"10G\""
    }
  }
}
