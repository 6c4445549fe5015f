import Compute
import Testing

@testable import Models

@preconcurrency import Glibc

@Suite("Angles of tokens")
struct TextRotaryTests {
  @Test("time, height and width take turns up to the end of their sections, then time alone")
  func sections() {
    // With the base 1 every frequency is 1, and the angle is the position on its axis.
    let rotary = TextRotary(headSize: 16, base: 1, axes: .interleaved(sections: [4, 2, 2]))
    var positions = TokenPositions(axes: 3)
    positions.appendText(3)
    positions.appendGrid(down: 2, across: 4)
    // The second row's third group: time 3, height 4, width 5.
    let angles = rotary.angles(of: [3 + 4 + 2], at: positions)
    #expect(angles.cosine == [3, 4, 5, 3, 4, 5, 3, 3].map { cosf($0) })
  }

  @Test("in chunks, time has the first section, height the next, width the last")
  func chunks() {
    let rotary = TextRotary(headSize: 16, base: 1, axes: .chunked(sections: [2, 3, 3]))
    var positions = TokenPositions(axes: 3)
    positions.appendText(3)
    positions.appendGrid(down: 2, across: 4)
    let angles = rotary.angles(of: [3 + 4 + 2], at: positions)
    #expect(angles.cosine == [3, 3, 4, 4, 4, 5, 5, 5].map { cosf($0) })
  }
}
