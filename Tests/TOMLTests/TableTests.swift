import TOML
import Testing

/// Tables: what may be added to them, and what may not.
@Suite struct TableTests {
  @Test func everyWayToWriteATableIsRead() throws {
    let text = """
      a.b = 1 \n"quoted key".'c d' = 2
      [e.f]\n g = 3
      [e]\n h = 4
      [[i]]\n j = 5\n[i.k]\n l = 6
      [[i]]\n j = 7
      """
    #expect(try value(text, "a", "b") == .integer(1))
    #expect(try value(text, "quoted key", "c d") == .integer(2))
    #expect(try value(text, "e", "f", "g") == .integer(3))
    #expect(try value(text, "e", "h") == .integer(4))
    guard case .array(let tables)? = try value(text, "i") else {
      Issue.record("no array of tables")
      return
    }
    #expect(tables.map(\.line) == [7, 11])
  }

  @Test func valuesKeepTheirLines() throws {
    let table = try read("# first\n\n[inbox]\r\npoll = \"2s\"\r\n\r\n[inbox.deep]\nx = [\n1]\n")
    let inbox = try #require(table["inbox"])
    #expect(inbox.line == 3)
    guard case .table(let inner) = inbox.content else {
      Issue.record("no table")
      return
    }
    #expect(inner["poll"]?.line == 4)
    #expect(inner["deep"]?.line == 6)
  }

  @Test(arguments: [
    "a = 1\na = 2", "a = 1\n\"a\" = 2", "a = 1\na.b = 2", "a.b = 1\na = 2", "[a]\n[a]",
    "[a]\nb = 1\n[a.b]",
    "a.b = 1\n[a]", "[a.b.c]\n[a]\nb.d = 1", "a = {}\n[a.b]", "a = {b = 1}\na.c = 2",
    "a = [1]\n[[a]]",
    "[[a]]\n[a]", "[a]\n[[a]]", "[[a.b]]\n[[a]]", "a = {b = 1, b = 2}", "a = {b.c = 1, b = 2}",
    "[a]\nb.c = 1\n[a.b]",
  ])
  func whatIsThereAlreadyIsNotWrittenAgain(_ text: String) {
    #expect(problem(text) != nil)
  }

  @Test(arguments: [
    "[", "[[", "[[[", "[a", "[=]", "[a.]", "[.a]", "[a]]", "[[a]", "[[a] ]", "[]", "[.",
    "[a] b = 1",
    "a..b = 1", "= 1", "a", "a =", "a = 1 b = 2", "\u{0}", "a\r", "# \u{1}", "é = 1", "a b = 1",
    "a =\n1",
  ])
  func whatIsNoLineIsRefused(_ text: String) {
    #expect(problem(text)?.line == 1)
  }

  @Test func whatIsNotUTF8IsRefusedWithItsLine() {
    #expect(throws: TOMLProblem.self) { try TOMLDocument.read([0x23, 0x0A, 0x23, 0xFF]) }
    do {
      _ = try TOMLDocument.read([0x23, 0x0A, 0x23, 0xFF])
    } catch {
      #expect(error.line == 2)
    }
  }

  @Test func theColumnCountsCharacters() {
    #expect(problem("a = 1\nb = \"é\" x")?.line == 2)
    #expect(problem("a = 1\nb = \"é\" x")?.column == 9)
  }

  @Test func twoSpellingsOfALetterAreTwoNames() throws {
    #expect(try read("\"\u{E9}\" = 1\n\"e\u{301}\" = 2").entries.count == 2)
  }

  @Test func aByteOrderMarkIsPassedOver() throws {
    #expect(try value("\u{FEFF}a = 1", "a") == .integer(1))
  }
}
