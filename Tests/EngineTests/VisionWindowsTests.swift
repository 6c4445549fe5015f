import Engine
import Merging
import Testing

@testable import Models

@Suite("Windows of attention")
struct VisionWindowsTests {
  private let windows = VisionWindows(side: 2, wholeLayers: [1])

  @Test("windows are squares of groups, smaller at the right and lower edges")
  func squares() {
    // Three rows of five groups.
    let grid = PatchGrid(height: 6, width: 10, mergeSize: 2)
    #expect(
      windows.parts(of: grid, groups: Array(0..<15)) == [
        [0, 1, 5, 6], [2, 3, 7, 8], [4, 9], [10, 11], [12, 13], [14],
      ])
    #expect(windows.pairs(of: grid) == 16 + 16 + 4 + 4 + 4 + 1)
    #expect(windows.largest(of: grid) == 4)
    #expect(windows.apply(in: 0) && !windows.apply(in: 1))
  }

  @Test("a group stays in the window of its original place, and a window may become empty")
  func thinnedOut() {
    let grid = PatchGrid(height: 8, width: 8, mergeSize: 2)
    // Indices among the groups that are left; of the window at the top right none is.
    #expect(windows.parts(of: grid, groups: [0, 5, 8, 10, 15]) == [[0, 1], [], [2], [3, 4]])
  }

  @Test("groups' scores are 1 on the average, in layers with windows and without, in whole steps")
  func scores() throws {
    var request = try GoldenCase.named("qwen2.5-vl/tiny-image-exact-mode3").request()
    request.maxNewTokens = 1
    let answer = try Fixtures.session("qwen2.5-vl/tiny").answer(request)
    // Of these, the layers 5, 6 and 8 have windows.
    let steps = answer.steps.filter { $0.stage == .vision }
    #expect(steps.map(\.layer) == [5, 6, 7, 8])
    for scores in steps.map({ $0.segments[0].scores }) {
      #expect(abs(scores.reduce(0, +) / Float(scores.count) - 1) < 1e-4)
      #expect(scores.allSatisfy { ($0 * 65_536).rounded() == $0 * 65_536 })
    }
  }

  @Test("a grid smaller than a window is one window")
  func small() {
    let wide = VisionWindows(side: 4, wholeLayers: [])
    let grid = PatchGrid(height: 4, width: 6, mergeSize: 2)
    #expect(wide.parts(of: grid, groups: Array(0..<6)) == [[0, 1, 2, 3, 4, 5]])
    #expect(wide.pairs(of: grid) == 36 && wide.largest(of: grid) == 6)
  }
}
