import Testing

@preconcurrency import Glibc
@testable import Spool

/// JSON that anybody may have written.
@Suite struct JSONReaderTests {
  private func read(_ text: String) throws -> JSONValue { try JSONReader.read(Array(text.utf8)) }

  @Test func everyKindOfValueIsRead() throws {
    let text = #" {"a": [1, -2.5, 1e3, true, false, null], "b": {"c": "x\n\u00e9\ud83d\ude00\/"}} "#
    #expect(
      try read(text)
        == .object([
          "a": .array([
            .integer(1), .number(-2.5), .integer(1000), .flag(true), .flag(false), .null,
          ]),
          "b": .object(["c": .text("x\né😀/")]),
        ]))
    #expect(try read("\u{FEFF}[]") == .array([]))
    #expect(try read("9223372036854775807") == .integer(.max))
    #expect(try read("9223372036854775808") == .number(0x1p63))
    #expect(try read(#"{"a":1,"a":2}"#) == .object(["a": .integer(2)]))
  }

  @Test(arguments: [
    "", " ", "{", "[", "[1", "[1,]", "{,}", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{a:1}", "01",
    "1.",
    ".5", "-", "1e", "1e999", "+1", "nan", "NaN", "Infinity", "tru", "nul", "\"", "\"\\", "\"\\q\"",
    "\"\\u12\"", "\"\\ud800\"", "\"\\ud800\\u0041\"", "\"\\ud800\\u\"", "\"a\nb\"", "1 2", "[]]",
    "'a'",
    "\u{0}", "[1]\u{0}", "{\"a\":1 \"b\":2}", "// x\n1", "0x10",
  ])
  func whatIsNoJSONIsRefused(_ text: String) {
    #expect(throws: JSONReader.Problem.self) { try read(text) }
  }

  @Test func theProblemHasItsPlace() {
    let problem = #expect(throws: JSONReader.Problem.self) { try read("{\n  \"é\": x }") }
    #expect(problem?.line == 2)
    #expect(problem?.column == 8)
  }

  @Test(arguments: [
    String(repeating: "[", count: 500_000), String(repeating: "{\"a\":", count: 100_000),
    "["
      + String(
        repeating: String(repeating: "[", count: 60) + String(repeating: "]", count: 60) + ",",
        count: 4000),
    "[" + String(repeating: "1,", count: 200_000), "\"" + String(repeating: "\\n", count: 200_000),
    String(repeating: "1", count: 500_000), String(repeating: " ", count: 500_000),
  ])
  func timeGrowsWithTheSizeOnly(_ text: String) {
    var before = timespec()
    var after = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &before)
    #expect(throws: JSONReader.Problem.self) { try read(text) }
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &after)
    #expect(after.tv_sec - before.tv_sec < 3)
  }

  @Test func aPathOfAMegabyteIsRefusedAtOnce() throws {
    let path = String(repeating: "a/", count: 400_000)
    let failure = #expect(throws: (any Error).self) {
      try JobDocument(json: Array("{\"media\": [\"\(path)\"]}".utf8), source: "x.job.json")
    }
    #expect("\(try #require(failure))".utf8.count < 2000)
  }
}
