import Diagnostics
import Testing
import WorkerProtocol

/// Lines, and bytes between them, however they arrive.
@Suite struct LineBufferTests {
  @Test(arguments: [1, 2, 3, 7, 1000])
  func linesAndBytesComeOutAsTheyWentIn(_ step: Int) throws {
    let text = Array("one\n\nraw\nbytestwo\n".utf8)
    var buffer = LineBuffer()
    var lines: [String] = []
    var raw: [UInt8] = []
    for start in stride(from: 0, to: text.count, by: step) {
      buffer.append(text[start..<min(text.count, start + step)])
      while true {
        if lines.count == 2, raw.count < 9 {
          let more = buffer.take(9 - raw.count)
          raw += more
          if more.isEmpty { break }
          continue
        }
        guard let line = try buffer.next() else { break }
        lines.append(String(decoding: line, as: UTF8.self))
      }
    }
    #expect(lines == ["one", "", "two"])
    #expect(String(decoding: raw, as: UTF8.self) == "raw\nbytes")
  }

  @Test func aMillionEmptyLinesTakeNoTimeWorthMentioning() throws {
    var buffer = LineBuffer()
    let start = ContinuousClock.now
    buffer.append([UInt8](repeating: 0x0A, count: 1_000_000))
    var count = 0
    while try buffer.next() != nil { count += 1 }
    #expect(count == 1_000_000)
    #expect(ContinuousClock.now - start < .seconds(20))
  }

  @Test func aLineOverTheLimitIsAnError() throws {
    var buffer = LineBuffer(limit: 10)
    buffer.append(Array("short\n".utf8) + [UInt8](repeating: 1, count: 11))
    #expect(try buffer.next() == Array("short".utf8))
    #expect(throws: Failure.self) { try buffer.next() }
    #expect(buffer.take(-1) == [])
  }
}
