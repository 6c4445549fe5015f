import FoundationEssentials
import Testing

@testable import Manual

/// Manual pages made from a program's description of itself.
@Suite struct ManualPageTests {
  private let dump = """
    {"serializationVersion": 0, "command": {"commandName": "tool", "shouldDisplay": true,
     "abstract": "Do things.", "subcommands": [
      {"commandName": "go", "abstract": "Go, and don't stop.", "discussion": ".dots\\n\\nC:\\\\x é",
       "shouldDisplay": true, "arguments": [
        {"kind": "option", "shouldDisplay": true, "isOptional": true, "isRepeating": true,
         "names": [{"kind": "short", "name": "n"}, {"kind": "long", "name": "num"}],
         "valueName": "n", "defaultValue": "3", "allValues": ["3", "4"], "abstract": "How often.",
         "sectionTitle": "Numbers"},
        {"kind": "positional", "shouldDisplay": true, "isOptional": false, "isRepeating": false,
         "valueName": "file", "abstract": "What."},
        {"kind": "flag", "shouldDisplay": false, "isOptional": true, "isRepeating": false,
         "names": [{"kind": "long", "name": "secret"}], "abstract": "Hidden."}]},
      {"commandName": "stop", "shouldDisplay": true}, {"commandName": "hid", "shouldDisplay": false},
      {"commandName": "help", "shouldDisplay": true}]}}
    """

  private func pages() throws -> [String: String] {
    let command = try JSONDecoder().decode(
      CommandDescription.Dump.self, from: Data(dump.utf8)
    ).command
    let pages = ManualPage.pages(of: command, section: 1, more: ".SH FILES\nnone\n")
    return Dictionary(uniqueKeysWithValues: pages.map { ($0.fileName, $0.text) })
  }

  @Test func thereIsAPageForTheProgramAndForEachCommandItShows() throws {
    let pages = try pages()
    #expect(pages.keys.sorted() == ["tool-go.1", "tool-stop.1", "tool.1"])
    let own = try #require(pages["tool.1"])
    #expect(own.contains(".SH NAME\ntool \\- Do things\n"))
    #expect(own.contains(".BR tool\\-go (1)\nGo, and don\\(aqt stop.\n"))
    #expect(own.hasSuffix(".SH FILES\nnone\n"))
  }

  @Test func optionsAreThereWithNamesValuesAndDefaults() throws {
    let page = try #require(try pages()["tool-go.1"])
    #expect(page.contains(".B tool go\n[\\fB\\-\\-num\\fR \\fIn\\fR] ...\n\\fIfile\\fR\n"))
    #expect(
      page.contains(
        ".SS \"Numbers\"\n.TP\n\\fB\\-n\\fR, \\fB\\-\\-num\\fR \\fIn\\fR\nHow often. One of: 3, 4. Default: 3.\n"
      ))
    #expect(!page.contains("secret"))
    #expect(page.hasSuffix(".SH \"SEE ALSO\"\n.BR tool (1)\n"))
  }

  @Test func textIsNoRequestAndNoEscape() throws {
    let page = try #require(try pages()["tool-go.1"])
    #expect(page.contains(".SH DESCRIPTION\n\\&.dots\n.PP\nC:\\ex \\[u00E9]\n"))
  }
}
