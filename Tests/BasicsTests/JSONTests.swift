import Basics
import Diagnostics
import Testing

@preconcurrency import Glibc

/// JSON from untrusted sources.
@Suite struct JSONTests {
  private static let codes = JSONCodes(
    notJSON: .checkpointIndexNotJSON, notUTF8: .checkpointIndexNotUTF8,
    tooDeep: .checkpointIndexTooDeep)

  private func read(_ text: String) throws -> JSONValue {
    try JSONValue.read(Array(text.utf8), code: .jobJSON)
  }

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
    #expect(throws: FormatProblem.self) { try read(text) }
  }

  @Test func theProblemHasItsPlace() {
    let problem = #expect(throws: FormatProblem.self) { try read("{\n  \"é\": x }") }
    #expect(problem?.text.hasPrefix("line 2, column 8: ") == true)
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
    #expect(throws: FormatProblem.self) { try read(text) }
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &after)
    #expect(after.tv_sec - before.tv_sec < 3)
  }

  @Test func nothingIsLostBetweenNamesAndNumbers() throws {
    var scanner = try JSONScanner(
      Array(#"{"a": [1, 2], "a": {"b": null}, "c": 3}"#.utf8), codes: JSONCodes(.jobJSON))
    var names: [String] = []
    try scanner.members { (scanner, name) throws(FormatProblem) in
      names.append(String(decoding: name, as: UTF8.self))
      if names.count == 3 {
        let number = try scanner.integer()
        #expect(number == 3)
      } else {
        try scanner.skip()
      }
    }
    try scanner.end()
    #expect(names == ["a", "a", "c"])
  }

  @Test func depthIsCountedFromTheOutside() throws {
    #expect(try JSONValue.read(Array("[[1]]".utf8), code: .jobJSON, depthLimit: 2) != .null)
    let problem = #expect(throws: FormatProblem.self) {
      var scanner = try JSONScanner(Array("[[[1]]]".utf8), codes: Self.codes, depthLimit: 2)
      try scanner.skip()
    }
    #expect(problem?.code == .checkpointIndexTooDeep)
  }

  @Test func textThatIsNotUTF8IsRefused() {
    let problem = #expect(throws: FormatProblem.self) {
      try JSONScanner([0x22, 0xFF, 0x22], codes: Self.codes)
    }
    #expect(problem?.code == .checkpointIndexNotUTF8)
  }
}
