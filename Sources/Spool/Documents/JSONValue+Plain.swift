import Basics
import Options

extension JSONValue {
  /// The plain value for an option; `nil` for null, a list or an object, which no option accepts.
  var plain: PlainValue? {
    switch self {
    case .text(let text): .text(text)
    case .integer(let number): .integer(number)
    case .number(let number): .number(number)
    case .flag(let flag): .flag(flag)
    case .null, .array, .object: nil
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
      }
  }
}
