import Compute
import Diagnostics
import Engine
import Foundation
import Merging
import Models
import Options
import Report
import Testing

@Suite("Benchmarks")
struct BenchmarkTests {
  private func session(
    _ weights: WeightPrecision = .bf16, of name: String = "tiny-late"
  ) throws -> Session {
    let data = try Data(contentsOf: URL(fileURLWithPath: Fixtures.path("\(name)/config.json")))
    let model = try ModelRegistry.random(
      data, file: "config.json", options: ModelOptions(weights: weights))
    return Session(model: model, threads: ThreadTeam(count: 2))
  }

  private let variants = [
    ("off", MergeParameters(profile: .off)), ("exact", MergeParameters(profile: .exact)),
  ]

  @Test("random weights of a shape can be measured without a checkpoint")
  func shape() throws {
    var work = Benchmark.Work()
    (work.width, work.height, work.frames) = (192, 128, 4)
    work.newTokens = 2
    let session = try session()
    let rows = try Benchmark(session, [work]).run(variants) { _, _ in }
    #expect(rows.map(\.name) == ["off", "exact"])
    #expect(rows[0].visualTokensLeft == rows[0].visualTokens)
    #expect(rows[1].visualTokensLeft < rows[1].visualTokensAfterVision)
    #expect(rows.allSatisfy { $0.visionSeconds > 0 && $0.secondsPerToken > 0 })
    #expect(rows.allSatisfy { $0.visionPeakBytes > 0 && $0.peakBytes > 0 })
    #expect(session.model.assets.weights.bytes > 3_000_000)
  }

  @Test(
    "so can those of other families, and the predicted memory is enough",
    arguments: ["qwen2-vl/tiny", "qwen2.5-vl/tiny", "qwen2.5-vl/tiny-nested"],
    WeightPrecision.allCases)
  func families(_ name: String, _ weights: WeightPrecision) throws {
    var work = Benchmark.Work()
    (work.width, work.height, work.frames, work.newTokens) = (168, 112, 4, 2)
    let rows = try Benchmark(try session(weights, of: name), [work]).run(variants) { _, _ in }
    // Two pairs of frames, six groups wide and four high.
    #expect(rows.map(\.visualTokens) == [48, 48])
    #expect(rows[0].visualTokensLeft == 48)
    #expect(rows[1].visualTokensAfterVision < 48)
    #expect(rows[1].visualTokensLeft < rows[1].visualTokensAfterVision)
    #expect(rows.allSatisfy { $0.peakBytes > 0 && $0.predictedBytes > 0 })
  }

  @Test(
    "so can recurrences, whose states are part of what is predicted",
    arguments: ["qwen3.5/tiny", "qwen3.5/tiny-tied"], WeightPrecision.allCases)
  func recurrences(_ name: String, _ weights: WeightPrecision) throws {
    var work = Benchmark.Work()
    (work.width, work.height, work.frames, work.newTokens) = (192, 128, 4, 2)
    let rows = try Benchmark(try session(weights, of: name), [work]).run(variants) { _, _ in }
    #expect(rows.map(\.visualTokens) == [48, 48])
    #expect(rows[0].visualTokensLeft == 48)
    #expect(rows[1].visualTokensAfterVision < 48)
    #expect(rows[1].visualTokensLeft < rows[1].visualTokensAfterVision)
    #expect(rows.allSatisfy { $0.secondsPerToken > 0 && $0.peakBytes > 0 && $0.predictedBytes > 0 })
  }

  @Test(
    "so can tiles with a thumbnail", arguments: ["internvl/tiny", "internvl/tiny-llama"],
    WeightPrecision.allCases)
  func tiles(_ name: String, _ weights: WeightPrecision) throws {
    var work = Benchmark.Work()
    (work.width, work.height, work.newTokens) = (252, 84, 2)
    let rows = try Benchmark(try session(weights, of: name), [work]).run(variants) { _, _ in }
    // Three tiles and a thumbnail of nine tokens each.
    #expect(rows.map(\.visualTokens) == [36, 36])
    #expect(rows[0].visualTokensLeft == 36)
    #expect(rows[1].visualTokensAfterVision < 36)
    #expect(rows[1].visualTokensLeft < rows[1].visualTokensAfterVision)
    #expect(rows.allSatisfy { $0.peakBytes > 0 && $0.predictedBytes > 0 })
  }

  @Test(
    "so can a canvas that is resampled, and frames",
    arguments: ["llava-onevision/tiny", "llava-onevision/tiny-nested"], WeightPrecision.allCases)
  func canvas(_ name: String, _ weights: WeightPrecision) throws {
    var work = Benchmark.Work()
    (work.width, work.height, work.newTokens) = (216, 216, 2)
    var video = work
    video.frames = 3
    let rows = try Benchmark(try session(weights, of: name), [work, video]).run(variants) { _, _ in
    }
    // 25 patches of the whole and 7 rows of 7 tokens and a newline; three frames of 3 × 3 and a newline.
    #expect(rows.map(\.visualTokens) == [81, 81, 28, 28])
    for (off, merged) in [(rows[0], rows[1]), (rows[2], rows[3])] {
      #expect(off.visualTokensLeft == off.visualTokens)
      #expect(merged.visualTokensAfterVision < off.visualTokens)
      #expect(merged.visualTokensLeft < merged.visualTokensAfterVision)
    }
    #expect(rows.allSatisfy { $0.peakBytes > 0 && $0.predictedBytes > 0 })
  }

  @Test("several sizes give a row each for every variant, and lines with a point for each")
  func sizes() throws {
    let works = [2, 4, 6].map { frames in
      var work = Benchmark.Work()
      (work.width, work.height, work.frames, work.newTokens) = (128, 128, frames, 1)
      return work
    }
    let rows = try Benchmark(try session(), works).run(variants, repetitions: 2) { _, _ in }
    #expect(rows.map(\.frames) == [2, 2, 4, 4, 6, 6])
    #expect(rows.map(\.name) == ["off", "exact", "off", "exact", "off", "exact"])
    let drawing = try #require(SpeedCurve(rows)?.svg)
    // ViT and prefill of two variants at three sizes.
    #expect(drawing.components(separatedBy: "class=\"point\"").count - 1 == 12)
    #expect(drawing.contains("4 frames of 128×128, exact: "))
    #expect(SpeedCurve([]) == nil)
  }

  @Test("a table of several sizes compares each with the first variant of its own size")
  func table() throws {
    let works = [256, 320].map { side in
      var work = Benchmark.Work()
      (work.width, work.height, work.newTokens) = (side, side, 1)
      return work
    }
    let rows = try Benchmark(try session(), works).run(variants) { _, _ in }
    let report = BenchmarkReport(
      model: "tiny", weights: "bf16", weightBytes: 1, threads: 2, kernels: "portable",
      openBLASCore: "", productGFLOPS: 1, agreement: nil, rows: rows)
    let lines = report.table.split(separator: "\n").map(String.init)
    #expect(lines.filter { $0.hasPrefix("exact : off") }.count == 2)
    #expect(lines.contains("256×256") && lines.contains("320×320"))
    #expect(rows.allSatisfy { $0.bytesPerToken > 0 && $0.readShare != nil })
    #expect(lines.last?.hasPrefix("a token (off) reads ") == true)
  }

  @Test("logits are compared with those of f32 weights")
  func agreement() throws {
    let same = try LogitAgreement.measured(positions: 12) { () throws(Failure) in
      try Self.opened { try session(.f32) }
    } other: { () throws(Failure) in
      try Self.opened { try session(.f32) }
    }
    #expect((same.positions, same.sameFirst, same.relativeError) == (12, 1, 0))
    let packed = try LogitAgreement.measured(positions: 12) { () throws(Failure) in
      try Self.opened { try session(.f32) }
    } other: { () throws(Failure) in
      try Self.opened { try session(.int8) }
    }
    #expect(packed.sameFirst > 0.5)
    #expect(packed.relativeError > 1e-4 && packed.relativeError < 0.2)
  }

  /// Opens a session for the benchmark, converting all errors to `Failure`.
  private static func opened(_ open: () throws -> Session) throws(Failure) -> Session {
    do { return try open() } catch let failure as Failure { throw failure } catch {
      throw Failure(.badInput, code: FailureCode(rawValue: "test"), "\(error)", remedy: "")
    }
  }
}
