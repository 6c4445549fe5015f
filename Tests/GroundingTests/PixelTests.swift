import Grounding
import Testing

@Suite("Boxes in pixels of the picture")
struct PixelTests {
  private func box(
    _ numbers: [Double], own: (width: Int, height: Int) = (2000, 500),
    shown: (width: Int, height: Int) = (448, 112), _ coordinates: BoxCoordinates = .thousandths
  ) -> [Int]? {
    Finding(numbers.count == 4 ? .box : .point, numbers: numbers)
      .pixels(own: own, shown: shown, coordinates)
  }

  @Test("thousandths are of the picture, whatever the model saw")
  func thousandths() {
    #expect(box([0, 0, 1000, 1000]) == [0, 0, 2000, 500])
    #expect(box([250, 100, 500, 900]) == [500, 50, 1000, 450])
    #expect(box([250, 100, 500, 900], shown: (56, 56)) == [500, 50, 1000, 450])
    #expect(box([500, 500]) == [1000, 250])
    #expect(box([1000, 1000]) == [1999, 499])
  }

  @Test("pixels are of what the model saw")
  func shown() {
    #expect(box([0, 0, 448, 112], .shownPixels) == [0, 0, 2000, 500])
    #expect(box([112, 28, 224, 56], .shownPixels) == [500, 125, 1000, 250])
    #expect(box([224, 56], .shownPixels) == [1000, 250])
  }

  @Test("corners are put in order and moved to the edge")
  func corners() {
    #expect(box([500, 900, 250, 100]) == [500, 50, 1000, 450])
    #expect(box([-100, -5, 500, 1200]) == [0, 0, 1000, 500])
    #expect(box([-1e308, -1e308, 1e308, 1e308]) == [0, 0, 2000, 500])
  }

  @Test("a small box has a pixel, one without area or outside the picture has none")
  func small() {
    #expect(box([100, 100, 101, 101], own: (10, 10)) == [1, 1, 2, 2])
    #expect(box([999, 999, 1000, 1000], own: (10, 10)) == [9, 9, 10, 10])
    #expect(box([100, 100, 100, 400]) == nil)
    #expect(box([100, 400, 300, 400]) == nil)
    #expect(box([1000, 0, 1100, 100]) == nil)
    #expect(box([-50, 0, 0, 100]) == nil)
    #expect(box([1e308, 1e308, 1.1e308, 1.1e308]) == nil)
    #expect(box([-1, 5]) == nil)
    #expect(box([5, 1001]) == nil)
    #expect(box([0, 0, 1, 1], own: (0, 0)) == nil)
    #expect(box([0, 0, 1, 1], shown: (0, 0), .shownPixels) == [0, 0, 2000, 500])
  }
}
