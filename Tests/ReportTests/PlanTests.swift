import Basics
import Compute
import Diagnostics
import Engine
import Foundation
import Media
import MemoryPlanner
import Merging
import Models
import Options
import Testing

@testable import Report

@Suite("Plans for people and programs")
struct PlanTests {
  /// Made once, because in a debug build its weights take seconds.
  private static let model: Result<any VisionLanguageModel, Failure> = Result {
    () throws(Failure) in
    // A cache that is large compared to the weights, so that there is something to give up.
    let config = """
      {"model_type": "qwen3_vl", "tie_word_embeddings": true, "image_token_id": 300,
       "video_token_id": 301,
       "text_config": {"vocab_size": 512, "hidden_size": 128, "intermediate_size": 256,
        "num_hidden_layers": 28, "num_attention_heads": 4, "num_key_value_heads": 4,
        "head_dim": 64, "rope_scaling": {"rope_type": "default", "mrope_interleaved": true,
        "mrope_section": [12, 10, 10]}},
       "vision_config": {"depth": 10, "hidden_size": 64, "intermediate_size": 128, "num_heads": 4,
        "out_hidden_size": 128, "num_position_embeddings": 64, "deepstack_visual_indexes": [2, 6]}}
      """
    return try ModelRegistry.random(
      Data(config.utf8), file: "config.json", options: ModelOptions())
  }

  private func document(_ change: (inout Request) -> Void = { _ in }) throws -> PlanDocument {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
      "illava-plan-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let picture = folder.appendingPathComponent("picture.png")
    let gray = RGBImage(
      width: 640, height: 480, pixels: [UInt8](repeating: 90, count: 640 * 480 * 3))
    try Data(try PNGWriter.encode(gray)).write(to: picture)
    var request = Request(prompt: "What is shown?")
    request.media = [MediaItem(path: picture.path)]
    request.maxNewTokens = 8
    change(&request)
    let session = Session(model: try Self.model.get(), threads: ThreadTeam(count: 2))
    return PlanDocument(
      try session.outlook(request, points: 70),
      rates: ComputeRates(gigaflops: 100, gigabytes: 20))
  }

  @Test("the chart rises with the budget and fits into 80 columns")
  func chart() throws {
    let document = try document()
    #expect(document.curve.count == 70)
    #expect(document.curve.first?.fits == false)
    #expect(document.curve.last?.fits == true)
    #expect(document.curve.last?.textRetention == MergeProfile.standard.textRetention.value)
    for (less, more) in zip(document.curve, document.curve.dropFirst()) {
      #expect(less.budget < more.budget)
      // Pixels are reduced in steps of whole patches, and the layers may keep more of what that saves.
      #expect(less.percentLeft <= more.percentLeft + 1)
    }
    let lines = PlanChart(document.curve, budget: document.curve[69].budget).lines
    #expect(lines.count == 14)
    #expect(lines.allSatisfy { $0.count <= 79 })
    #expect(lines.last?.hasSuffix("now ▲") == true)
    #expect(PlanChart([], budget: 1).lines.isEmpty)
  }

  @Test("tokens and seconds follow from the work")
  func seconds() throws {
    let document = try document()
    // 480×640 in tokens of 32×32.
    #expect(document.tokens.visual == 300)
    #expect(document.tokens.visualLeft < document.tokens.visualAfterViT)
    #expect(document.seconds.vision > 0 && document.seconds.prefill > 0)
    let unmerged = try self.document { $0.merging = MergeParameters(profile: .off) }
    #expect(unmerged.tokens.visualLeft == 300)
    #expect(unmerged.seconds.vision > document.seconds.vision)
    #expect(unmerged.seconds.prefill > document.seconds.prefill)
    // The weights are the same; there are fewer keys and values.
    #expect(document.seconds.perToken < unmerged.seconds.perToken)
    #expect(document.words.contains("100 GFLOP/s and 20 GB/s"))
    #expect(document.words.contains("640×480"))
  }

  @Test("JSON has the points of the chart")
  func json() throws {
    let text = try JSONText.encode(try document())
    let root = try #require(
      try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    let curve = try #require(root["curve"] as? [[String: Any]])
    #expect(curve.count == 70)
    #expect(
      curve.last?["illava_llm_r"] as? Double == MergeProfile.standard.textRetention.value)
    #expect(curve.first?["fits"] as? Bool == false)
  }
}
