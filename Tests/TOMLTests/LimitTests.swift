import TOML
import Testing

@preconcurrency import Glibc

/// Documents designed to take long or to end the process.
@Suite struct LimitTests {
  private static func repeated(_ text: String, _ count: Int) -> String {
    String(repeating: text, count: count)
  }

  @Test(arguments: [
    repeated("a.", 10_000) + "a = 1", "[" + repeated("a.", 10_000) + "a]",
    "a = " + repeated("[", 10_000),
    "a = " + repeated("{a=", 10_000), "a = " + repeated("[{a=", 10_000),
  ])
  func depthIsLimited(_ text: String) {
    #expect(problem(text)?.message.contains("deep") == true)
  }

  @Test func depthIsLimitedWhereverItComesFrom() throws {
    let names = Array(repeating: "a", count: 16).joined(separator: ".")
    _ = try read("[\(names)]\n\(names) = 1")
    #expect(problem("[\(names)]\n\(names) = [[1]]") != nil)
    #expect(problem("[\(names)]\nb = {\(names).a = 1}") != nil)
  }

  @Test func sizeIsLimited() {
    #expect(throws: TOMLProblem.self) {
      try TOMLDocument.read([UInt8](repeating: 0x0A, count: 100), limit: 99)
    }
  }

  @Test(arguments: [
    repeated("[[a]]\n", 20_000), repeated("a = \"\"\"", 1) + repeated("\"\"x", 40_000),
    "a = [" + repeated("1,", 60_000) + "]", repeated("\n", 120_000), "#" + repeated("x", 120_000),
    "a = " + repeated("1", 120_000), "a = 1." + repeated("1", 120_000),
    "a = " + repeated("1_", 60_000),
    (0..<12_000).map { "k\($0) = 1" }.joined(separator: "\n"),
    (0..<12_000).map { "[t\($0).x]" }.joined(separator: "\n"), "a = \"" + repeated("\\n", 60_000),
    repeated("[a.b]\n", 1) + repeated("x" + repeated("y", 99) + " = 1\n", 1000),
    repeated("\u{301}", 60_000),
  ])
  func timeGrowsWithTheSizeOnly(_ text: String) {
    // Processor time of this thread, because other programs may use the processors.
    let begun = seconds()
    _ = problem(text)
    #expect(seconds() - begun < 2)
  }

  private func seconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }

  @Test func noTextEndsTheProcess() {
    var generator = SystemRandomNumberGenerator()
    let marks = Array("[]{}=.,\"'\\\n#ab01-+:eE_xtnu \r\t\u{0}\u{7F}é")
    for _ in 0..<20_000 {
      let count = Int.random(in: 1...12, using: &generator)
      _ = problem(String((0..<count).compactMap { _ in marks.randomElement(using: &generator) }))
    }
  }
}
