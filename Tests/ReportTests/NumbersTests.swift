import Testing

@testable import Report

/// Numbers from files, such as the times of a video.
@Suite struct NumbersTests {
  @Test func numbersOfAnySizeAreWritten() {
    #expect(Numbers.fixed(1.25, 1) == "1.3")
    for value in [1e12, 1e28, 1e300, -1e300, .infinity, -.infinity, .nan] {
      #expect(!Numbers.fixed(value, 2).isEmpty)
      #expect(!Numbers.seconds(value).isEmpty)
      #expect(!SourceView.time(value).isEmpty)
    }
    #expect(Numbers.bytes(.max).hasSuffix("TiB"))
    #expect(Numbers.bytes(.min) == "0 B")
  }
}
