import Compute
import Merging
import Testing

@testable import Models

@Suite("Costs of a class token and of a projector")
struct ClassTokenCostTests {
  private func cost(_ change: (inout VisionShape) -> Void) throws -> (
    operations: Double, vision: Int, scratch: Int
  ) {
    let model = try Fixtures.session("internvl/tiny").model
    var shape = model.shape
    change(&shape.vision)
    let cost = CostModel(shape, model.assets.weights)
    var work = WorkShape(textTokens: 10, newTokens: 4)
    work.grids = Array(repeating: PatchGrid(height: 32, width: 32, mergeSize: 2), count: 3)
    work.runs = [0..<3]
    let merging = try model.resolve(MergeParameters(profile: .off))
    let memory = cost.memory(of: work, merging: merging, threads: 2)
    return (
      cost.work(of: work, merging: merging).visionOperations, memory.vision, memory.scratch
    )
  }

  @Test("the token is one more row of each tile, in products and in attention")
  func token() throws {
    let with = try cost { _ in }
    let without = try cost { $0.hasClassToken = false }
    // Per layer: four products of 32 × 32, the MLP's two of 32 × 72, and 1025² − 1024² pairs.
    let products = Double(2 * 4 * 32 * 32 + 4 * 32 * 72)
    let pairs = Double(1025 * 1025 - 1024 * 1024)
    let row = products + 4 * 32 * pairs
    #expect(with.operations - without.operations == 30 * row)
    #expect(with.vision > without.vision)
    #expect(with.scratch >= without.scratch)
  }

  @Test("the projector is as wide as the language model, not as a group of patches")
  func projector() throws {
    let with = try cost { _ in }
    let wide = try cost { $0.mergerSize = 128 }
    // 256 tokens of each of three tiles: from 128 numbers to 64 and to 64.
    let more = Double(3 * 256 * 2 * 64 * (128 + 64))
    #expect(wide.operations - with.operations == more)
    #expect(wide.vision > with.vision)
  }
}
