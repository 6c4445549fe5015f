import Models
import Testing

@Suite("Positions of tokens")
struct TokenPositionsTests {
  @Test(
    "what follows a grid starts after its largest side, tall or wide",
    arguments: [(2, 5, 8), (5, 2, 8), (3, 3, 6)])
  func afterAGrid(_ down: Int, _ across: Int, _ next: Int) {
    var positions = TokenPositions(axes: 3)
    positions.appendText(3)
    positions.appendGrid(down: down, across: across)
    #expect(positions.count == 3 + down * across)
    #expect(positions.next == next)
    positions.appendText(1)
    #expect(positions.axes.map(\.last) == [next, next, next])
  }

  @Test("a grid at several times is written once for each; what follows comes after the last time")
  func times() {
    var positions = TokenPositions(axes: 3)
    positions.appendText(2)
    positions.appendGrid(down: 1, across: 2, times: [0, 3, 7])
    #expect(positions.axes[0] == [0, 1, 2, 2, 5, 5, 9, 9])
    #expect(positions.axes[1] == [0, 1, 2, 2, 2, 2, 2, 2])
    #expect(positions.axes[2] == [0, 1, 2, 3, 2, 3, 2, 3])
    #expect(positions.next == 10)
  }
}
