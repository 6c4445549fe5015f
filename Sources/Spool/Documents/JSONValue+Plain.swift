import Basics
import Options

extension JSONValue {
  /// The plain value for an option; `nil` for null, an object or a list of anything but texts, which no
  /// option accepts.
  var plain: PlainValue? {
    switch self {
    case .text(let text): .text(text)
    case .integer(let number): .integer(number)
    case .number(let number): .number(number)
    case .flag(let flag): .flag(flag)
    case .array(let values):
      values.compactMap(\.string).count == values.count
        ? .texts(values.compactMap(\.string)) : nil
    case .null, .object: nil
    }
  }

  /// The JSON value of an option.
  init(_ plain: PlainValue) {
    self =
      switch plain {
      case .text(let text): .text(text)
      case .integer(let number): .integer(number)
      case .number(let number): .number(number)
      case .flag(let flag): .flag(flag)
      case .texts(let texts): .array(texts.map { .text($0) })
      }
  }
}
