import Diagnostics
import Grammar
import Testing

@Suite("Answers by regular expressions")
struct RegexTests {
  @Test(
    "an expression takes whole texts that fit, and no others",
    arguments: [
      ("yes|no", ["yes", "no"], ["", "y", "yesno", "maybe"]),
      ("^a{2,3}$", ["aa", "aaa"], ["a", "aaaa"]),
      ("(ab)*c?", ["", "c", "ab", "ababc"], ["a", "abcc"]),
      ("[a-c\\-]+", ["a-c"], ["d", ""]),
      ("[^a-z]", ["A", "é", "€", "😀"], ["b", "AB"]),
      ("\\d{4}-\\d\\d", ["2024-05"], ["2024-5", "٢٠٢٤-05"]),
      ("\\p{Lu}\\p{Ll}*", ["Émile", "Ω", "A"], ["émile", "1"]),
      ("\\P{L}+", ["12!"], ["1a"]),
      (".", ["é", "a", "\u{0}"], ["\n", "ab", ""]),
      ("\\u{1F600}\\x41\\n", ["😀A\n"], ["😀A"]),
      ("(?:a|b)+?(?<tail>c)", ["abc", "bc"], ["c", "ab"]),
      ("\\w+\\s\\W", ["ab !"], ["ab c", "é !"]),
      ("", [""], ["a"]),
      ("a{3}", ["aaa"], ["aa", "aaaa"]),
      ("a{2,}", ["aa", "aaaaaa"], ["a"]),
    ])
  func takesWholeTexts(_ expression: String, _ fit: [String], _ others: [String]) throws {
    let grammar = try Grammar.regex(expression)
    for text in fit { #expect(try grammar.takes(text), "\(text)") }
    for text in others { #expect(try !grammar.takes(text), "\(text)") }
  }

  @Test("no text that is cut within a character is complete, nor is one that is no UTF-8")
  func utf8() throws {
    let grammar = try Grammar.regex("[^a]")
    for bytes in [[0xC3], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xFF]] {
      let guide = try Vocabulary.guide(grammar)
      let isTaken = try guide.accept(bytes.map { UInt8($0) })
      #expect(!isTaken || !guide.isComplete)
    }
  }

  @Test(
    "what is no expression is refused with its place",
    arguments: [
      "(a", "a)", "[a", "*a", "a**", "a{2", "a{3,2}", "\\q", "[z-a]", "a{x}", "\\u12", "]",
    ])
  func wrong(_ expression: String) {
    let failure = refusal { try Grammar.regex(expression) }
    #expect(failure?.code == .grammarRegex)
    #expect(failure?.message.contains("at character") == true)
  }

  @Test(
    "what is not supported is refused by name",
    arguments: [
      ("(?=a)", "lookahead"), ("(?<!a)b", "lookbehind"), ("(a)\\1", "backreference"),
      ("\\bword", "boundary"), ("a++", "possessive"), ("(?i)a", "flags"), ("a^b", "“^”"),
      ("\\p{Greek}", "Unicode class “Greek”"), ("[[:alpha:]]", "POSIX"), ("($a)", "“$”"),
    ])
  func unsupported(_ expression: String, _ name: String) {
    let failure = refusal { try Grammar.regex(expression) }
    #expect(failure?.code == .grammarUnsupported)
    #expect(failure?.message.contains(name) == true, "\(failure?.message ?? "none")")
  }

  @Test(
    "hostile expressions end with one error within a second",
    arguments: [
      String(repeating: "(", count: 10_000) + String(repeating: ")", count: 10_000),
      String(repeating: "a", count: 1 << 20), "a{100000}", "a{9999999999999999999999}",
      (0..<99).reduce("a") { text, _ in "(\(text){60000})" },
    ])
  func hostile(_ expression: String) throws {
    let clock = ContinuousClock()
    let start = clock.now
    let failure = refusal { try Grammar.regex(expression) }
    #expect(failure?.code == .grammarTooLarge)
    #expect(clock.now - start < .seconds(10))
  }

  @Test("an expression with too many possibilities at once ends with an error, not in memory")
  func possibilities() throws {
    let grammar = try Grammar.regex("x(a?){60000}b")
    let guide = try Vocabulary.guide(grammar)
    let failure = #expect(throws: Failure.self) { try guide.accept("x".utf8) }
    #expect(failure?.code == .grammarTooLarge)
  }
}
