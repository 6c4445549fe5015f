import Diagnostics
import Testing

@Suite struct FailureTextTests {
  @Test(arguments: ["x", "é", "👩‍👩‍👧", "e\u{301}", "\u{0}"])
  func aMessageThatQuotesWhateverCameStaysShort(_ piece: String) {
    let quoted = String(repeating: piece, count: 100_000)
    let failure = Failure(
      .badInput, code: FailureCode(rawValue: "x"), "the value is “\(quoted)”, and that is wrong")
    #expect(failure.message.utf8.count < 2100)
    #expect(failure.message.hasPrefix("the value is “"))
    #expect(failure.message.hasSuffix("”, and that is wrong"))
  }

  @Test func aUsualMessageStaysAsItIs() {
    let text = String(repeating: "word ", count: 300)
    #expect(Failure(.fault, code: FailureCode(rawValue: "x"), text).message == text)
  }
}
