import Checkpoint
import Compute
import Diagnostics
import Foundation
import MemoryPlanner
import Models
import Options
import Testing

@testable import Engine

@Suite("Before a model is loaded")
struct AdmissionTests {
  @Test("what its weights take is known", arguments: WeightPrecision.allCases)
  func counted(_ precision: WeightPrecision) throws {
    for name in [
      "tiny-early", "tiny-late", "qwen2-vl/tiny", "qwen2-vl/tiny-nested", "qwen2.5-vl/tiny",
      "qwen2.5-vl/tiny-nested", "internvl/tiny", "internvl/tiny-llama",
      "llava-onevision/tiny", "llava-onevision/tiny-nested",
    ] {
      var options = ModelOptions(weights: precision)
      options.usesPackedFile = false
      let checkpoint = try Checkpoint(folder: Fixtures.path(name))
      let counted = try ModelRegistry.weightBytes(
        ModelFiles(checkpoint), of: checkpoint, options: options)
      #expect(try ModelRegistry.load(checkpoint, options: options).assets.weights.bytes == counted)
    }
  }

  @Test("weights that can never fit are refused, and the parts are named")
  func never() throws {
    var memory = MemoryRules()
    memory.limit = .bytes(1 << 20)
    let packed = #expect(throws: Failure.self) {
      try Session(
        modelFolder: Fixtures.path("tiny-early"), options: ModelOptions(weights: .int8),
        memory: memory)
    }
    #expect(packed?.remedy == "Use a smaller model, or raise the limit.")
    let failure = #expect(throws: Failure.self) {
      try Session(modelFolder: Fixtures.path("tiny-early"), memory: memory)
    }
    #expect(failure?.code == .memoryNever)
    #expect(failure?.message.contains("the program itself") == true)
    #expect(failure?.message.contains("the limit is 1 MiB (the configured limit)") == true)
  }

  @Test("weights that fit once others hold less wait")
  func now() throws {
    let root = FileManager.default.temporaryDirectory.appendingPathComponent(
      "illava-admission-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: root) }
    let proc = root.appendingPathComponent("proc")
    try FileManager.default.createDirectory(at: proc, withIntermediateDirectories: true)
    try Data("MemTotal: 67108864 kB\nMemAvailable: 0 kB\n".utf8).write(
      to: proc.appendingPathComponent("meminfo"))
    // The free memory is what the process holds already, minus the machine's reserve.
    let held = ProcessMemory.held
    try #require(held < 512 << 20)
    let budgets = BudgetReader(root: root.path)
    let failure = #expect(throws: Failure.self) {
      try Session(modelFolder: Fixtures.path("tiny-early"), budgets: budgets)
    }
    #expect(failure?.code == .memoryNow)
    #expect(failure?.remedy?.hasSuffix("or use a smaller model.") == true)
    var unplanned = MemoryRules()
    unplanned.limit = .unplanned
    _ = try Session(
      modelFolder: Fixtures.path("tiny-early"), memory: unplanned, budgets: budgets)
  }
}
