import TOML
import Testing

/// Values of every kind, and texts that only look like values.
@Suite struct ValueTests {
  @Test(arguments: [
    ("0", 0), ("-17", -17), ("+99", 99), ("1_000", 1000), ("0xDEAD_beef", 0xDEAD_BEEF),
    ("0o755", 0o755), ("0b1101", 13), ("9223372036854775807", Int.max),
    ("-9223372036854775808", Int.min), ("-0", 0),
  ])
  func wholeNumbersAreRead(_ text: String, _ number: Int) throws {
    #expect(try value("x = \(text)", "x") == .integer(number))
  }

  @Test(arguments: [
    ("1.5", 1.5), ("-0.01", -0.01), ("5e+22", 5e22), ("1E06", 1e6), ("6.626e-34", 6.626e-34),
    ("9_224.5", 9224.5), ("inf", .infinity), ("-inf", -.infinity),
  ])
  func otherNumbersAreRead(_ text: String, _ number: Double) throws {
    #expect(try value("x = \(text)", "x") == .number(number))
  }

  @Test func noNumberIsANumberToo() throws {
    guard case .number(let number)? = try value("x = -nan", "x") else {
      Issue.record("nan is not read")
      return
    }
    #expect(number.isNaN)
  }

  @Test(arguments: [
    "01", "1_", "_1", "1__0", "0x", "0xg", "-0x1", "+0b1", "1.", ".5", "1.e5", "1e", "1e5.0", "0o8",
    "1,5", "9223372036854775808", "Inf", "True", "truefalse", "yes", "nil", "", "text", "1 2", "=",
    "1979-13-01", "1979-02-29", "24:00:00", "00:60:00", "1979-05-27T", "1979-05-27T07:32",
    "1979-05-27T07:32:00+24:00", "1979-05-27T07:32:00.", "197-05-27", "07:32:00Z",
  ])
  func whatIsNoValueIsRefused(_ text: String) {
    #expect(problem("x = \(text)")?.line == 1)
  }

  @Test(arguments: [
    "1979-05-27", "07:32:00", "07:32:00.999999999999999999999", "1979-05-27T07:32:00",
    "1979-05-27 07:32:00Z", "1979-05-27t07:32:00z", "2000-02-29T23:59:60-07:59",
  ])
  func datesAndTimesStayAsTheyAreWritten(_ text: String) throws {
    #expect(try value("x = \(text) # when", "x") == .time(text))
  }

  @Test func aNumberThatIsTooLargeIsCalledThat() {
    #expect(problem("x = 99999999999999999999")?.message.contains("too large") == true)
    #expect(problem("x = frame")?.message.contains("quotes") == true)
  }

  @Test(arguments: [
    (#""a\tb\n\"\\\u00e9\U0001F600""#, "a\tb\n\"\\é😀"), (#"'C:\new'"#, #"C:\new"#), (#""""#, ""),
    ("\"\"\"\none\r\ntwo\"\"\"", "one\ntwo"), ("'''\n'one' \\n'''", "'one' \\n"),
    ("\"\"\"one \\\n\n   two\"\"\"", "one two"), ("\"\"\"\"quoted\"\"\"\"\"", "\"quoted\"\""),
    ("''''quoted'''''", "'quoted''"), ("\"\"\"\"\"\"", ""),
  ])
  func textsAreRead(_ text: String, _ meaning: String) throws {
    #expect(try value("x = \(text)", "x") == .text(meaning))
  }

  @Test(arguments: [
    "\"", "\"a", "\"a\nb\"", "'a\nb'", "\"\"\"a", "'''a''", "\"a\\", "\"\\", "\"\"\"\\", "\"\\q\"",
    "\"\\u12\"", "\"\\u12g4\"", "\"\\ud800\"", "\"\\U00110000\"", "\"a\u{0}\"", "'a\u{7F}'",
    "\"\"\"a\u{1}\"\"\"", "\"\"\"a\rb\"\"\"", "\"\"\"\"\"\"\"\"\"", "\"a\"b",
  ])
  func textsThatAreWrongAreRefused(_ text: String) {
    #expect(problem("x = \(text)") != nil)
  }

  @Test func arraysMayHaveSeveralLinesAndInlineTablesNot() throws {
    let text = "x = [ # first\n 1,\n [\"a\", { b = 2, c.d = 3 }],\n]"
    guard case .array(let values)? = try value(text, "x") else {
      Issue.record("no array")
      return
    }
    #expect(values.map(\.line) == [2, 3])
    for wrong in [
      "[1 2]", "[,]", "[1,,2]", "[1", "{a = 1,}", "{a = 1\n}", "{a = 1 b = 2}", "{,}", "{",
    ] {
      #expect(problem("x = \(wrong)") != nil, "\(wrong)")
    }
  }
}
