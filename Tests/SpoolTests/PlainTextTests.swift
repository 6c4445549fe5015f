import Diagnostics
import FoundationEssentials
import Terminal
import Testing
import WorkerProtocol

@testable import Spool

/// Text from other sources must not move a cursor or change the direction of the text beside it.
@Suite struct PlainTextTests {
  // A right-to-left override, an isolate, a line separator, a tag, a C1 control and DEL.
  private static let evil = "a\u{202E}b\u{2066}c\u{2028}d\u{E0041}e\u{9B}f\u{7F}g\u{FEFF}h"

  private func isPlain(_ text: String) -> Bool {
    text.unicodeScalars.allSatisfy { scalar in
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator: scalar == "\n"
      default: true
      }
    }
  }

  @Test func aTerminalGetsNoneOfThem() {
    #expect(isPlain(PlainText.line(Self.evil)))
    #expect(PlainText.line("a\n\u{1B}[31mb\r\n") == "a  [31mb  ")
    #expect(PlainText.lines("a\nb\r\nc\u{1B}") == "a\nb\nc ")
    #expect(TextWidth.plain(Self.evil) == PlainText.line(Self.evil))
    #expect(PlainText.line("👩‍👧 می‌خواهم é 字") == "👩‍👧 می‌خواهم é 字")
  }

  @Test func jsonHasThemAsEscapesAndMeansTheSame() throws {
    let line = try JSONLine.encode([Self.evil: Self.evil])
    #expect(isPlain(String(decoding: line, as: UTF8.self)))
    #expect(try JSONLine.decode([String: String].self, line) == [Self.evil: Self.evil])
    #expect(String(decoding: line, as: UTF8.self).contains("\\u202e"))
    #expect(PlainText.json("{\"é字😀\":1}") == "{\"é字😀\":1}")
  }

  @Test func whatJobsSayIsPlainInTheStoreToo() throws {
    let spool = try TestSpool()
    spool.workers.behavior = { _ in
      .fails(.init(.badInput, code: FailureCode(rawValue: "x"), Self.evil))
    }
    try spool.drop("e\u{202E}gnp.png", "content")
    spool.run(seconds: 4)
    let job = try #require(try spool.jobs().first)
    #expect(isPlain(job.name))
    #expect(job.error?.message == Self.evil)
    #expect(isPlain(try spool.text("failed/\(job.id)/error.json")))
  }
}
