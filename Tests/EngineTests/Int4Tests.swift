import Checkpoint
import Compute
import Engine
import Foundation
import Models
import Testing

@Suite("4-bit weights")
struct Int4Tests {
  private func session(_ name: String, importance: [String: [Float]] = [:]) throws -> Session {
    var options = ModelOptions(weights: .int4)
    options.importance = importance
    return try Session(modelFolder: Fixtures.path(name), options: options, threads: 2)
  }

  private func logits(_ session: Session, _ golden: GoldenCase) throws -> [Float] {
    let dump = AnswerDump()
    _ = try session.answer(try golden.request(), dump: dump)
    return try #require(dump.floats("logits"))
  }

  /// `‖a − b‖ / ‖b‖`.
  private func relativeError(_ a: [Float], _ b: [Float]) -> Double {
    guard a.count == b.count else { return .infinity }
    func size(_ values: [Float]) -> Double {
      values.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
    }
    return size(zip(a, b).map { $0 - $1 }) / size(b)
  }

  private static let plain = GoldenCase.all.filter {
    $0.profile == "off" && $0.kind != "resized" && $0.family != "qwen3.5"
  }

  @Test("logits stay near the f32 reference with merging off", arguments: plain)
  func accuracy(_ golden: GoldenCase) throws {
    let expected = try golden.tensors()
    let error = relativeError(
      try logits(try session(golden.model), golden), try #require(expected.floats("logits")))
    // Random weights are the worst case for 16 steps: each product is off by some 7 %, which adds up over
    // the layers.
    #expect(error < 0.75, "\(error)")
    // It must not secretly be 8 bits.
    #expect(error > 0.02, "\(error)")
  }

  @Test(
    "layers are in 4 bits; the output layer and the first and last vision block stay in 8",
    arguments: ["tiny-late", "qwen3.5/tiny", "qwen2.5-vl/tiny"])
  func layouts(_ name: String) throws {
    let model = try session(name).model
    let packed = model.assets.weights.packed
    let last = model.shape.vision.depth - 1
    for (name, weights) in packed {
      let parts = name.split(separator: ".")
      let isVision = name.contains("visual")
      let block = parts.firstIndex(of: "blocks").flatMap { Int(parts[$0 + 1]) }
      let isExact =
        name.hasSuffix("lm_head.weight") || name.hasSuffix("embed_tokens.weight")
        || (isVision && (block == 0 || block == last))
      #expect(weights.layout == (isExact ? .eight : .four), "\(name)")
    }
    #expect(packed.contains { $0.weights.layout == .four })
    #expect(packed.contains { $0.weights.layout == .eight })
  }

  @Test("the memory plan counts the weights as they are held")
  func memory() throws {
    let small = try session("tiny-late")
    let packed = small.model.assets.weights.packed.reduce(0) { $0 + $1.weights.byteCount }
    #expect(packed == small.model.assets.weights.ownedBytes)
    let eight = try Fixtures.session("tiny-late", weights: .int8).model
    #expect(small.model.assets.weights.bytes < eight.assets.weights.bytes)
    #expect(small.model.assets.weights.bytesPerToken < eight.assets.weights.bytesPerToken)
    var request = Request(prompt: "What moves?")
    request.media = [MediaItem(path: Fixtures.path("media/clip.mp4"))]
    request.maxNewTokens = 3
    let answer = try small.answer(request)
    #expect(answer.plan.cost.weights == small.model.assets.weights.bytes)
  }

  @Test("what matrices read is measured for each, and brings the answers of 4 bits nearer")
  func calibration() throws {
    let name = "tiny-late"
    let eight = try Fixtures.session(name, weights: .int8)
    let picture = Fixtures.path("media/picture0.png")
    let statistics = try InputStatistics.measured(eight, pictures: [picture]) { _ in }
    for (name, weights) in eight.model.assets.weights.packed {
      let means = try #require(statistics[name], "\(name)")
      #expect(means.count == weights.inputs && means.allSatisfy { $0 >= 0 })
      #expect(means.contains { $0 > 0 })
    }
    #expect(eight.threads.observer == nil)
    // The bytes of layers change, those in 8 bits do not.
    let plain = try session(name).model.assets.weights.packed
    let tuned = try session(name, importance: statistics).model.assets.weights.packed
    #expect(plain.map(\.name) == tuned.map(\.name))
    for (a, b) in zip(plain, tuned) {
      let isEqual = a.weights.bytes.elementsEqual(b.weights.bytes)
      #expect(isEqual == (a.weights.layout == .eight), "\(a.name)")
    }
  }

  @Test("a packed file in 4 bits is mapped, beside one in 8, and says what packing at load says")
  func packedFile() throws {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent(
      "illava-pack4-\(UUID().uuidString)"
    ).path
    try FileManager.default.copyItem(atPath: Fixtures.path("tiny-late"), toPath: path)
    defer { try? FileManager.default.removeItem(atPath: path) }
    let checkpoint = try Checkpoint(folder: path)
    var before: [String: [UInt8]] = [:]
    for precision in PackedPrecision.allCases {
      var options = ModelOptions(weights: precision == .int4 ? .int4 : .int8)
      options.usesPackedFile = false
      let packed = try ModelRegistry.load(checkpoint, options: options).assets.weights.packed
      try PackedFile.write(packed, of: checkpoint, precision)
      for (name, weights) in packed { before[name] = Array(weights.bytes) }
    }
    for precision in PackedPrecision.allCases {
      try #require(try PackedFile(of: checkpoint, precision)).verify()
    }
    let model = try Session(
      modelFolder: path, options: ModelOptions(weights: .int4), threads: 2
    ).model
    #expect(model.assets.notes.isEmpty)
    #expect(model.assets.weights.ownedBytes == 0)
    for (name, weights) in model.assets.weights.packed {
      #expect(!weights.isOwned)
      #expect(before[name] == Array(weights.bytes), "\(name)")
    }
    // The other precision's file is no file of this one.
    try FileManager.default.removeItem(atPath: path + "/" + PackedPrecision.int4.fileName)
    try FileManager.default.moveItem(
      atPath: path + "/" + PackedPrecision.int8.fileName,
      toPath: path + "/" + PackedPrecision.int4.fileName)
    let other = try Session(modelFolder: path, options: ModelOptions(weights: .int4), threads: 2)
    #expect(other.model.assets.notes.contains { $0.contains("layouts of int4") })
    #expect(other.model.assets.weights.ownedBytes > 0)
  }
}
