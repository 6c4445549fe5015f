/// A value of an option as it appears in files and on command lines.
public enum PlainValue: Sendable, Equatable {
  case text(String)
  case integer(Int)
  case number(Double)
  case flag(Bool)
  case texts([String])

  /// The value as written on a command line; whole numbers have no fraction.
  public var written: String {
    switch self {
    case .text(let text): text
    case .integer(let number): String(number)
    case .number(let number):
      number == number.rounded() && abs(number) < 1e15 ? String(Int(number)) : "\(number)"
    case .flag(let flag): "\(flag)"
    case .texts(let texts): texts.joined(separator: ", ")
    }
  }
}
