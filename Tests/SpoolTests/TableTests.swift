import Terminal
import Testing

/// Tables on terminals of any width.
@Suite struct TableTests {
  private var table: Table {
    var table = Table([
      Table.Column("ID"), Table.Column("N", isNumber: true), Table.Column("NAME", isFlexible: true),
    ])
    table.add([
      Table.Cell("a1"), Table.Cell("7"), Table.Cell("a name that is rather long for a terminal"),
    ])
    table.add([Table.Cell("b22"), Table.Cell("12"), Table.Cell("日本語の名前")])
    return table
  }

  @Test(arguments: [10, 20, 30, 80, 160])
  func noLineIsWiderThanTheTerminal(_ width: Int) {
    for line in table.lines(width: width, style: Style(isColored: false)) {
      #expect(TextWidth.columns(line) <= width)
    }
  }

  @Test func withoutATerminalNothingIsCut() {
    let lines = table.lines(width: nil, style: Style(isColored: false))
    #expect(lines[0].hasPrefix("ID    N  NAME"))
    #expect(lines[1] == "a1    7  a name that is rather long for a terminal")
    #expect(lines[2] == "b22  12  日本語の名前")
  }

  @Test func whatMovesTheCursorIsTakenOut() {
    var table = Table([Table.Column("NAME")])
    table.add([Table.Cell("a\u{1B}[2Jb\nc\u{202E}d")])
    #expect(table.lines(width: nil, style: Style(isColored: false))[1] == "a [2Jb cd")
  }

  @Test func colorsDoNotCountAsWidth() {
    let plain = Style(isColored: false).text("x", .bad)
    let colored = Style(isColored: true).text("x", .bad)
    #expect(plain == "x")
    #expect(colored == "\u{1B}[31mx\u{1B}[0m")
  }

  @Test func wideCharactersAreCutWhole() {
    #expect(TextWidth.cut("日本語", to: 6) == "日本語")
    #expect(TextWidth.cut("日本語", to: 5) == "日本…")
    #expect(TextWidth.cut("日本語", to: 4) == "日…")
    #expect(TextWidth.cut("abc", to: 0) == "")
  }

  @Test func longTextIsBrokenAtSpaces() {
    #expect(TextWidth.wrapped("a short text", to: 20) == ["a short text"])
    #expect(TextWidth.wrapped("one two three four", to: 9) == ["one two", "three", "four"])
    #expect(TextWidth.wrapped("x abcdefghijkl y", to: 8) == ["x", "abcdefgh", "ijkl y"])
    #expect(TextWidth.wrapped("日本語日本語", to: 9) == ["日本語日", "本語"])
    #expect(TextWidth.wrapped("", to: 9) == [""])
  }
}
