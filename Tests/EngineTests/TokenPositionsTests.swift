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
}
