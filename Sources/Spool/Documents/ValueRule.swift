import Basics
import Options

/// The valid values of a key in a configuration file or a job file.
enum ValueRule: Sendable {
  /// A kind of value that options of questions have.
  case plain(OptionKind)
  case texts
  /// Patterns of file names.
  case patterns
  /// Seconds, written as `"2s"`, `"500ms"`, `"10m"`, `"1h"` or `"30d"`.
  case duration(ClosedRange<Double>)
  /// Bytes, written as `"512M"` or `"10G"`.
  case bytes

  /// A valid value.
  enum Value: Sendable, Equatable {
    case plain(PlainValue)
    case texts([String])
    case seconds(Double)
    case bytes(Int)
  }

  /// The value if it is valid.
  func read(_ value: JSONValue) -> Value? {
    switch (self, value) {
    case (.plain(let kind), _):
      return value.plain.flatMap { kind.fitting($0) }.map { .plain($0) }
    case (.texts, .array(let values)): return texts(values).map { .texts($0) }
    case (.patterns, .array(let values)):
      guard let texts = texts(values), texts.allSatisfy({ NamePattern($0) != nil }) else {
        return nil
      }
      return .texts(texts)
    case (.duration(let range), .text(let text)):
      guard let seconds = TimeSpan.parse(text), range.contains(seconds) else { return nil }
      return .seconds(seconds)
    case (.bytes, .text(let text)): return ByteCount.parse(text).map { .bytes($0) }
    case (.bytes, .integer(let number)) where number >= 0: return .bytes(number)
    default: return nil
    }
  }

  private func texts(_ values: [JSONValue]) -> [String]? {
    let texts = values.compactMap(\.string)
    return texts.count == values.count ? texts : nil
  }

  /// The valid values in words, for messages.
  var wanted: String {
    switch self {
    case .plain(let kind): kind.wanted
    case .texts: "a list of texts, such as [\"…\"]"
    case .patterns: "a list of patterns of names, such as [\"*.xmp\", \"thumbnails/\"]"
    case .duration(let range):
      "a time such as \"2s\", \"10m\" or \"30d\", from \(TimeSpan.setting(seconds: range.lowerBound))"
        + " to \(TimeSpan.setting(seconds: range.upperBound))"
    case .bytes: "an amount such as \"512M\" or \"10G\""
    }
  }
}
