import Compute
import Diagnostics
import Foundation
import MemoryPlanner
import Merging
import Models
import Options
import Testing

@testable import Engine

@Suite("The second look at memory")
struct SecondLookTests {
  /// A folder that stands for `/`, with memory that can be taken away.
  private final class Machine {
    let root = FileManager.default.temporaryDirectory.appendingPathComponent(
      "illava-look-\(UUID().uuidString)")

    init() throws {
      try set("proc/meminfo", "MemTotal: 67108864 kB\nMemAvailable: 33554432 kB\n")
    }

    deinit { try? FileManager.default.removeItem(at: root) }

    func set(_ path: String, _ text: String) throws {
      let file = root.appendingPathComponent(path)
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(text.utf8).write(to: file)
    }

    /// Another process takes all memory.
    func takeAll() { try? set("proc/meminfo", "MemTotal: 67108864 kB\nMemAvailable: 0 kB\n") }

    func press() {
      try? set("proc/pressure/memory", "full avg10=55.00 avg60=1.00 avg300=0.00 total=9\n")
    }

    func session() throws -> Session {
      Session(
        model: try Fixtures.session("tiny-early").model, threads: ThreadTeam(count: 2),
        budgets: BudgetReader(root: root.path))
    }
  }

  private func request() -> Request {
    var request = Request(prompt: "What is shown?")
    request.media = [MediaItem(path: Fixtures.path("media/clip.mp4"))]
    request.maxNewTokens = 3
    // The clip is small, but should be merged in the ViT anyway.
    request.merging.visionMinTokens = 0
    return request
  }

  @Test("as long as nothing changes, nothing is given up")
  func unchanged() throws {
    let machine = try Machine()
    let answer = try machine.session().answer(request())
    #expect(answer.plan.adaptations.isEmpty)
    withExtendedLifetime(machine) { #expect(answer.plan.budget?.source == .available) }
  }

  @Test("pressure in the middle of the LLM lowers what its later layers keep")
  func pressureWhileReading() throws {
    let machine = try Machine()
    let session = try machine.session()
    let calm = try session.answer(request())
    var events = SessionEvents()
    events.progress = { stage, share in
      // After the first of the merging layers 5, 6, 7 and 8 of 10.
      if stage == .prefill, share > 0.55 { machine.press() }
    }
    let answer = try session.answer(request(), events: events)
    let adaptation = try #require(answer.plan.adaptations.first)
    #expect(answer.plan.adaptations.count == 1)
    #expect(adaptation.rung == .textRetention)
    #expect(adaptation.layer == 6)
    #expect(adaptation.cause == .pressure)
    #expect(adaptation.to == MemoryFloors().textRetention)
    #expect(adaptation.words.contains("from layer 6 on"))
    // The layer before kept the planned share, those after it less.
    #expect(answer.steps.prefix(5).map(\.after) == calm.steps.prefix(5).map(\.after))
    #expect((answer.cacheLengths.last ?? 0) < (calm.cacheLengths.last ?? 0))
    #expect(answer.visualTokensLeft < calm.visualTokensLeft)
  }

  @Test(
    "where not even the floor fits any more, the job may wait",
    arguments: [(ComputeObserver.Stage.vision, 1.0), (.prefill, 0.2)])
  func shrunk(_ stage: ComputeObserver.Stage, _ share: Double) throws {
    let machine = try Machine()
    var events = SessionEvents()
    events.progress = { if $0 == stage, $1 >= share { machine.takeAll() } }
    let failure = #expect(throws: Failure.self) {
      try machine.session().answer(request(), events: events)
    }
    #expect(failure?.code == .memoryNow)
    // Without planning, memory is not checked again.
    var unplanned = request()
    unplanned.memory.limit = .unplanned
    #expect(try machine.session().answer(unplanned).plan.adaptations.isEmpty)
  }

  @Test("pressure lowers retention to the floor, whatever is reported as free")
  func pressure() throws {
    let machine = try Machine()
    var events = SessionEvents()
    events.planned = { _ in machine.press() }
    var request = request()
    let answer = try machine.session().answer(request, events: events)
    #expect(answer.plan.adaptations.map(\.cause) == [.pressure])
    #expect(answer.plan.adaptations.first?.layer == nil)
    // The floor for text is never lowered.
    request.memory.floors = TaskFloor.text.floors
    let text = try machine.session().answer(request, events: events)
    #expect(text.plan.adaptations.isEmpty)
    #expect(text.merging.compoundRetention > 0.69)
  }

  @Test("the largest share that still fits is found")
  func bisection() throws {
    let mebibyte = 1 << 20
    var cost = MemoryCost()
    cost.prefill = 100 * mebibyte
    let text = MergeStage(.text, layers: [3], retention: .share(0.9), mode: .recycle)
    let plan = MemoryPlan(
      budget: nil, baseline: 0, cost: cost,
      merging: ResolvedMerging(
        profile: .exact,
        vision: MergeStage(.vision, layers: [], retention: .share(0.9), mode: .drop),
        text: text, notes: []),
      pixelShare: 1, frameShare: 1, adaptations: [])
    func share(_ megabytes: Int) -> Double {
      var rules = MemoryRules()
      rules.limit = .bytes(megabytes * mebibyte)
      let look = SecondLook(reader: BudgetReader(root: "/nowhere"), rules: rules, plan: plan)
      return look.share(before: 3, planned: 0.9) { Int($0 * Double(100 * mebibyte)) }
    }
    // 100 MiB of rows and 100 · r of caches, minus the 8 that a plan keeps in reserve.
    #expect(share(182) == 0.9)
    #expect(abs(share(174) - 0.82) < 0.001)
    #expect(share(50) == MemoryFloors().textRetention)
  }
}
