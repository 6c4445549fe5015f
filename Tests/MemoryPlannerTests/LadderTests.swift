import Compute
import Diagnostics
import Engine
import Foundation
import MemoryPlanner
import Merging
import Models
import Options
import Testing

@Suite("The ladder")
struct LadderTests {
  /// Made once, because in a debug build its weights take seconds.
  private static let made = random(.bf16)
  /// The same model with the KV cache in f32.
  private static let exact = random(.f32)

  private static func random(
    _ weights: WeightPrecision
  ) -> Result<any VisionLanguageModel, Failure> {
    Result { () throws(Failure) in try make(weights) }
  }

  private static func make(_ weights: WeightPrecision) throws(Failure) -> any VisionLanguageModel {
    // Small weights and a wide cache, so that memory depends on merging.
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
      Data(config.utf8), file: "config.json", options: ModelOptions(weights: weights))
  }

  private let model: any VisionLanguageModel

  init() throws { model = try Self.made.get() }

  /// A video of 512×512: the work for given shares of its pixels and of its 32 frames.
  private func shape(_ pixels: Double, _ frames: Double) -> WorkShape {
    let side = max(1, Int((16 * pixels.squareRoot()).rounded(.down))) * 2
    let segments = max(1, Int(16 * frames))
    var shape = WorkShape(textTokens: 40, newTokens: 20)
    shape.grids = Array(
      repeating: PatchGrid(height: side, width: side, mergeSize: 2), count: segments)
    shape.runs = (0..<segments).map { $0..<$0 + 1 }
    shape.frameBytes = segments * 2 * side * side * 768
    return shape
  }

  private func plan(
    _ megabytes: Double?, profile: MergeProfile = .exact, ceiling: Int? = nil, target: Int? = nil,
    floor: TaskFloor = .any, margin: Double = 1
  ) throws -> MemoryPlan {
    let planner = MemoryPlanner(
      model.cost, threads: 2, baseline: 10 << 20, floors: floor.floors, margin: margin)
    return try planner.plan(
      floor.floors.raised(try model.resolve(MergeParameters(profile: profile))),
      budget: megabytes.map { MemoryBudget(bytes: Int($0 * 0x1p20), source: .configured()) },
      ceiling: ceiling.map { MemoryBudget(bytes: $0, source: .available) }, target: target,
      hasVideo: true, shape: shape)
  }

  @Test("plenty of memory, or no limit, changes nothing")
  func plenty() throws {
    for plan in [try plan(nil), try plan(4096)] {
      #expect(plan.adaptations.isEmpty)
      #expect(plan.merging.text.retention == .share(0.9))
      #expect(plan.pixelShare == 1 && plan.frameShare == 1)
    }
  }

  @Test("every plan fits, and gives up less the more there is, cheapest rungs first")
  func monotone() throws {
    let most = Double(try plan(nil).predicted) / 0x1p20
    var previous: MemoryPlan?
    var fitted = 0
    for step in 0..<40 {
      let megabytes = most * (0.1 + 0.9 * Double(step) / 39)
      guard let plan = try? plan(megabytes) else {
        #expect(previous == nil, "a larger budget was refused")
        continue
      }
      fitted += 1
      #expect(Double(plan.predicted) <= megabytes * 0x1p20)
      let order = plan.adaptations.map { Adaptation.Rung.allCases.firstIndex(of: $0.rung) ?? -1 }
      #expect(order == order.sorted())
      if let previous {
        #expect(plan.merging.text.retention.value >= previous.merging.text.retention.value)
        #expect(plan.merging.vision.retention.value >= previous.merging.vision.retention.value)
        #expect(plan.pixelShare >= previous.pixelShare)
        #expect(plan.rowsAtOnce >= previous.rowsAtOnce)
        #expect(plan.frameShare >= previous.frameShare)
      }
      previous = plan
    }
    #expect(fitted > 20)
  }

  @Test("the largest share that fits is found, not any share")
  func tight() throws {
    let full = try plan(nil)
    // Slightly less than fits with fewer rows at a time: only the LLM's share is lowered a little.
    let rows = try self.plan(Double(full.predicted) / 0x1p20 - 0.2)
    #expect(rows.adaptations.map(\.rung) == [.rowsAtOnce])
    #expect(rows.rowsAtOnce < 512 && rows.merging == full.merging)
    let plan = try plan(Double(full.predicted) / 0x1p20 - 1)
    #expect(plan.adaptations.map(\.rung) == [.rowsAtOnce, .textRetention])
    #expect(plan.rowsAtOnce == 128)
    #expect(plan.merging.text.retention.value > 0.8)
  }

  @Test("keys and values in f32 become bf16 before anything is merged away")
  func cachePrecision() throws {
    let planner = MemoryPlanner(
      try Self.exact.get().cost, threads: 2, baseline: 10 << 20, floors: MemoryFloors())
    func plan(_ bytes: Int?) throws -> MemoryPlan {
      try planner.plan(
        try model.resolve(MergeParameters(profile: .exact)),
        budget: bytes.map { MemoryBudget(bytes: $0, source: .configured()) }, ceiling: nil,
        hasVideo: true, shape: shape)
    }
    let full = try plan(nil)
    #expect(!full.narrowsCache)
    let less = try plan(full.predicted - full.cost.cache / 4)
    #expect(less.adaptations.map(\.rung) == [.rowsAtOnce, .cachePrecision])
    #expect(less.narrowsCache && less.cost.cache * 2 == full.cost.cache)
    #expect(less.merging == full.merging)
    // A KV cache that is bf16 already has nothing to give up.
    #expect(try self.plan(60).adaptations.allSatisfy { $0.rung != .cachePrecision })
  }

  @Test("below the floors: wait where others hold the memory, give up where there is not enough")
  func refusals() throws {
    for (ceiling, code) in [(1 << 40, FailureCode.memoryNow), (12 << 20, .memoryNever)] {
      let failure = #expect(throws: Failure.self) { try plan(11, ceiling: ceiling) }
      #expect(failure?.code == code)
      #expect(failure?.kind == .outOfMemory)
      #expect(failure?.message.contains("needs") == true)
    }
  }

  @Test("nothing is given up that does not help")
  func useless() throws {
    // One large image, one merging layer in each stage: the image encoder needs most, and the layers'
    // retention makes no difference to that.
    let picture: MemoryPlanner.Shape = { pixels, _ in
      let side = max(1, Int((64 * pixels.squareRoot()).rounded(.down))) * 2
      var shape = WorkShape(textTokens: 4, newTokens: 1)
      shape.grids = [PatchGrid(height: side, width: side, mergeSize: 2)]
      shape.runs = [0..<1]
      return shape
    }
    var parameters = MergeParameters()
    parameters.visionLayers = try LayerList([1])
    parameters.visionRetention = .share(0.1)
    parameters.textLayers = try LayerList([1])
    let planner = MemoryPlanner(
      model.cost, threads: 2, baseline: 0, floors: MemoryFloors())
    let merging = try model.resolve(parameters)
    let full = try planner.plan(
      merging, budget: nil, ceiling: nil, hasVideo: false, shape: picture)
    #expect(full.cost.vision > full.cost.prefill + full.cost.cache)
    let less = try planner.plan(
      merging, budget: MemoryBudget(bytes: full.predicted * 9 / 10, source: .available),
      ceiling: nil, hasVideo: false, shape: picture)
    #expect(less.adaptations.map(\.rung) == [.rowsAtOnce, .pixels])
    #expect(less.merging.text.retention == parameters.textRetention)
  }

  @Test("a target is kept to as far as the ladder goes, and does not refuse")
  func target() throws {
    let full = try plan(nil)
    let less = try plan(nil, target: full.predicted - 1_000_000)
    #expect(less.predicted <= full.predicted - 1_000_000)
    #expect(!less.adaptations.isEmpty)
    // Nothing fits into one byte, so all floors are reached, and the real budget decides.
    let least = try plan(4096, target: 1)
    #expect(least.frameShare == MemoryFloors().frames)
    #expect(throws: Failure.self) { try plan(11, target: 1) }
  }

  @Test("a margin makes the same question need more")
  func margin() throws {
    let (plain, careful) = (try plan(nil), try plan(nil, margin: 1.25))
    #expect(careful.predicted == Int(Double(plain.predicted) * 1.25))
    #expect(careful.uncorrected == plain.uncorrected)
    let megabytes = Double(plain.predicted) / 0x1p20
    #expect(try plan(megabytes, margin: 1.25).adaptations.isEmpty == false)
    // A model that uses less than predicted must not lower the prediction.
    #expect(try plan(nil, margin: 0.5).predicted == plain.predicted)
  }

  @Test("questions about text keep at least 0.7 of the tokens, however tight it is")
  func textFloor() throws {
    let full = try plan(nil, floor: .text)
    // The default merging keeps 0.34: the floor raises it.
    #expect(abs(full.merging.compoundRetention - 0.7) < 1e-9)
    let tight = Double(full.predicted) / 0x1p20 * 0.85
    let fitted = try plan(tight, floor: .text)
    #expect(fitted.merging.compoundRetention > 0.7 - 1e-9)
    #expect(
      fitted.adaptations.allSatisfy { $0.rung != .textRetention && $0.rung != .visionRetention })
    #expect(fitted.pixelShare >= TaskFloor.text.floors.pixels)
    #expect(try plan(tight).merging.compoundRetention < 0.7)
  }

  @Test("a refusal names the limit and what is needed for what")
  func refusalWords() throws {
    let planner = MemoryPlanner(
      model.cost, threads: 2, baseline: 10 << 20, floors: MemoryFloors())
    let limit = MemoryBudget(
      bytes: 12 << 20,
      source: .controlGroup(
        "/system.slice/illavad.service", setting: "MemoryMax of illavad.service"))
    let failure = #expect(throws: Failure.self) {
      try planner.plan(
        try model.resolve(MergeParameters()), budget: limit, ceiling: limit, hasVideo: true,
        shape: shape)
    }
    let message = try #require(failure?.message)
    #expect(message.contains("at the least (weights "))
    #expect(message.hasSuffix("the limit is 12 MiB (MemoryMax of illavad.service)"))
  }

  @Test("without merging only pixels and frames are given up")
  func off() throws {
    let full = try plan(nil, profile: .off)
    let plan = try plan(Double(full.predicted) / 0x1p20 * 0.8, profile: .off)
    #expect(!plan.adaptations.isEmpty)
    #expect(
      plan.adaptations.allSatisfy { $0.rung != .textRetention && $0.rung != .visionRetention })
  }
}
