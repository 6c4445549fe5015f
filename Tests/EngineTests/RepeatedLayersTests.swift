import Foundation
import Models
import Options
import Testing

@Suite("Models whose layers share weights")
struct RepeatedLayersTests {
  private func packed(_ distinctLayers: Int?) throws -> [String: UnsafeRawPointer] {
    let data = try Data(contentsOf: URL(fileURLWithPath: Fixtures.path("tiny-late/config.json")))
    let model = try ModelRegistry.random(
      data, file: "config.json", options: ModelOptions(weights: .int8),
      distinctLayers: distinctLayers)
    return Dictionary(
      uniqueKeysWithValues: model.assets.weights.packed.map { ($0.name, $0.weights.base) })
  }

  @Test("the third layer of two has the weights of the first, and every matrix is still counted")
  func shared() throws {
    let (all, some) = (try packed(nil), try packed(2))
    #expect(all.keys == some.keys)
    func name(_ layer: Int) -> String {
      "model.language_model.layers.\(layer).self_attn.q_proj.weight"
    }
    #expect(all[name(0)] != all[name(2)])
    #expect(some[name(0)] == some[name(2)])
    #expect(some[name(0)] != nil && some[name(0)] != some[name(1)])
    #expect(Set(some.values).count < Set(all.values).count)
  }
}
