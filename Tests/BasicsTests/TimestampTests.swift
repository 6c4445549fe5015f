import Basics
import Foundation
import Testing

@Suite struct TimestampTests {
  @Test(arguments: [
    (0, "1970-01-01T00:00:00.000Z"), (1_795_788_202_120, "2026-11-27T14:03:22.120Z"),
    (951_782_399_999, "2000-02-28T23:59:59.999Z"), (951_782_400_000, "2000-02-29T00:00:00.000Z"),
    (951_868_800_000, "2000-03-01T00:00:00.000Z"), (-1, "1969-12-31T23:59:59.999Z"),
    (.max, "9999-12-31T23:59:59.999Z"), (.min, "0000-01-01T00:00:00.000Z"),
  ])
  func itIsTheDate(_ milliseconds: Int, _ text: String) {
    #expect(Timestamp.text(milliseconds: milliseconds) == text)
  }

  @Test func itIsTheSameAsFoundations() {
    let format = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
    // From 1603 on: Foundation counts earlier days by the Julian calendar, RFC 3339 never does.
    for day in stride(from: -134_000, to: 200_000, by: 97) {
      let milliseconds = day * 86_400_000 + 45_296_789
      let date = Date(timeIntervalSince1970: Double(milliseconds) / 1000)
      #expect(
        Timestamp.text(milliseconds: milliseconds).prefix(19) == format.format(date).prefix(19))
    }
  }

  @Test func aDocumentOnOneLineKeepsItsTexts() {
    let text = "{\n  \"a b\" : \"c \\\" : \\\\\",\n  \"d\" : [ 1, 2 ]\n}\n"
    #expect(JSONText.line(text.utf8) == #"{"a b":"c \" : \\","d":[1,2]}"#)
  }
}
