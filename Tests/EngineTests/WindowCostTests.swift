import Foundation
import Merging
import Models
import Testing

@Suite("Costs of windows")
struct WindowCostTests {
  /// The operations and memory of a picture of 20×12 groups in an encoder of four layers of 32 numbers.
  private func cost(_ whole: [Int]) throws -> (operations: Double, scratch: Int) {
    let config = """
      {"model_type": "qwen2_5_vl", "tie_word_embeddings": true, "image_token_id": 300,
       "video_token_id": 301, "vocab_size": 512, "hidden_size": 64, "intermediate_size": 96,
       "num_hidden_layers": 4, "num_attention_heads": 4, "num_key_value_heads": 2,
       "rope_scaling": {"type": "mrope", "mrope_section": [2, 3, 3]},
       "vision_config": {"depth": 4, "hidden_size": 32, "intermediate_size": 48, "num_heads": 2,
        "out_hidden_size": 64, "window_size": 112, "fullatt_block_indexes": \(whole)}}
      """
    let model = try ModelRegistry.random(
      Data(config.utf8), file: "config.json", options: ModelOptions())
    var work = WorkShape(textTokens: 10, newTokens: 4)
    work.grids = [PatchGrid(height: 24, width: 40, mergeSize: 2)]
    work.runs = [0..<1]
    let merging = try model.resolve(MergeParameters(profile: .off))
    return (
      model.cost.work(of: work, merging: merging).visionOperations,
      model.cost.memory(of: work, merging: merging, threads: 2).scratch
    )
  }

  @Test("a window's patches cost their own square, and need memory for their own logits")
  func windows() throws {
    let all = try cost([0, 1, 2, 3])
    let one = try cost([2])
    let none = try cost([])
    // Fifteen windows of 64 patches each in place of 960 patches: logits and values of 32 numbers.
    let saved = 4.0 * 32 * Double(960 * 960 - 15 * 64 * 64)
    #expect(all.operations - one.operations == 3 * saved)
    #expect(all.operations - none.operations == 4 * saved)
    #expect(all.scratch == one.scratch && none.scratch < one.scratch)
  }
}
