import Basics
import Diagnostics

extension JSONScanner {
  /// Reads a number that must be written as plain digits; `code` names the problem otherwise.
  mutating func count(_ code: FailureCode) throws(FormatProblem) -> Int {
    guard let first = peek() else { throw problem("a number should come here") }
    guard first != UInt8(ascii: "-") else { throw problem("a negative number", code: code) }
    let text: String
    do throws(FormatProblem) { text = try number() } catch {
      throw FormatProblem(code, error.text)
    }
    guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
      throw problem("\(text) is no whole number", code: code)
    }
    guard let value = Int(text) else { throw problem("\(text) is too large", code: code) }
    return value
  }
}
