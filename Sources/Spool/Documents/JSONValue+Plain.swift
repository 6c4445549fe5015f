import Basics
import Options

extension JSONValue {
  /// The value of an option, unless it is null, a list or an object, which no option is.
  var plain: PlainValue? {
    switch self {
    case .text(let text): .text(text)
    case .integer(let number): .integer(number)
    case .number(let number): .number(number)
    case .flag(let flag): .flag(flag)
    case .null, .array, .object: nil
    }
  }

  /// The value of an option.
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
