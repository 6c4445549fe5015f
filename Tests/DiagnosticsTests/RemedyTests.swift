import Diagnostics
import Testing

@Suite("Remedies") struct RemedyTests {
  @Test("every remedy in the sources is written as sentences")
  func sentences() throws {
    var count = 0
    for file in try SwiftSources.files() {
      for label in file.text.ranges(of: /\bremedy:(?!\s*String)/) {
        // Arguments without a literal come from other places; declarations have none.
        let literals = SwiftSources.literals(ofArgument: file.text[label.upperBound...])
        guard let begin = literals.first, let end = literals.last, end != "" else { continue }
        count += 1
        let isCapital = begin.first?.isUppercase == true || begin.hasPrefix("\\(")
        #expect(isCapital, "\(file.path): \(begin)")
        #expect(end.hasSuffix(".") || end.hasSuffix("?"), "\(file.path): \(end)")
      }
    }
    #expect(count > 100)
  }

  @Test("a failure is printed as a clause with its code, and the remedy below")
  func description() {
    let failure = Failure(.badInput, code: .mediaEmpty, "a.png is empty", remedy: "Copy it again.")
    #expect("\(failure)" == "a.png is empty [media.empty]\n  Copy it again.")
  }
}
