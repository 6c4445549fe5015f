import Basics
import Testing

@Suite struct QuantityTests {
  @Test func amountsAreReadAsPeopleWriteThem() {
    #expect(ByteCount.parse("512M") == 512 << 20)
    #expect(ByteCount.parse("1GiB") == 1 << 30)
    #expect(ByteCount.parse("1.5GiB") == 3 << 29)
    #expect(ByteCount.parse("4096") == 4096)
    #expect(ByteCount.parse("0") == 0)
    for text in ["", "G", "-1G", "1e99", "2 apples", "nan", "lots"] {
      #expect(ByteCount.parse(text) == nil, "\(text)")
    }
  }

  @Test func amountsAreWritten() {
    #expect(ByteCount.memory(3 << 29) == "1.5 GiB")
    #expect(ByteCount.memory(5 << 20) == "5 MiB")
    #expect(ByteCount.memory(5 << 20 + 1) == "6 MiB")
    #expect(ByteCount.text(1536 << 20) == "1.5 GiB")
    #expect(ByteCount.text(12) == "12 B")
  }

  @Test func timesAreReadAndWrittenAsPeopleWriteThem() {
    #expect(TimeSpan.parse("500ms") == 0.5)
    #expect(TimeSpan.parse("1.5h") == 5400)
    #expect(TimeSpan.parse("10") == nil)
    #expect(TimeSpan.parse("-1s") == nil)
    #expect(TimeSpan.text(seconds: 200) == "3 min 20 s")
    #expect(TimeSpan.setting(seconds: 5400) == "90m")
  }

  @Test(arguments: ["1e30d", "infs", "nand", "1e308d", "-1s", "1e999ms"])
  func timesThatAreNoneAreRefusedOrShown(_ text: String) {
    guard let seconds = TimeSpan.parse(text) else { return }
    #expect(seconds.isFinite)
    #expect(!TimeSpan.setting(seconds: seconds).isEmpty)
    #expect(!TimeSpan.text(seconds: seconds).isEmpty)
  }
}
